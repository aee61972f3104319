import { changeParts, nodesOf, type Node } from '../tree.ts';
import { combinePredicates } from './combine-predicates.ts';
import { countToAny, limitCount } from './counts.ts';
import { findFirstOfFilter, findLastOfFilter, fuseFilterAndMap, countFilter } from './filters.ts';
import { fold } from './fold.ts';
import { compareToRange, lookUpInSet } from './membership.ts';
import { sumList, sumMapped, sumRange } from './sums.ts';

/** One way to make a node cheaper: a new node, or undefined where it does not apply. */
export type Rewrite = (node: Node) => Node | undefined;

/** They look for builtins. */
const rewrites: readonly Rewrite[] = [
  fuseFilterAndMap,
  countFilter,
  findLastOfFilter,
  findFirstOfFilter,
  combinePredicates,
  sumRange,
  sumList,
  sumMapped,
  countToAny,
  limitCount,
];

/**
 * The tree with the rewrites of the language's own optimizer, which users can see: `x and false` does not
 * evaluate x, a count stops early, an error behind the first hit vanishes.
 */
export function optimize(tree: Node): Node {
  let parts = partsOf(tree);
  const kinds = new Set(parts.nodes.map(({ kind }) => kind));
  if (!rewritten.some((kind) => kinds.has(kind))) return tree;
  parts = rewriteAll(parts, lookUpInSet);
  for (let rounds = 0; rounds < 1000; rounds++) {
    const folded = rewriteAll(parts, fold);
    if (folded === parts) break;
    parts = folded;
  }
  parts = rewriteAll(parts, compareToRange);
  if (kinds.has('builtin')) for (const rewrite of rewrites) parts = rewriteAll(parts, rewrite);
  return parts.root;
}

/** Most expressions have none of these, and nothing to be rewritten. */
const rewritten: readonly Node['kind'][] = ['unary', 'binary', 'array', 'builtin'];

/** A tree and its nodes, parts before the whole: gathered once for all rewrites that find nothing to do. */
interface Parts {
  readonly root: Node;
  readonly nodes: readonly Node[];
}

function partsOf(root: Node): Parts {
  return { root, nodes: nodesOf(root).toReversed() };
}

/** Applies a rewrite to every node; the same parts when none was changed. */
function rewriteAll(parts: Parts, rewrite: Rewrite): Parts {
  const replaced = new Map<Node, Node>();
  const replace = (part: Node) => replaced.get(part) ?? part;
  for (const node of parts.nodes) {
    if (replaced.size > 0) changeParts(node, replace);
    const better = rewrite(node);
    if (better) replaced.set(node, better);
  }
  return replaced.size > 0 ? partsOf(replace(parts.root)) : parts;
}
