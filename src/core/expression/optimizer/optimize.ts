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
  const kinds = new Set(nodesOf(tree).map(({ kind }) => kind));
  if (!rewritten.some((kind) => kinds.has(kind))) return tree;
  let root = rewriteAll(tree, lookUpInSet).root;
  for (let rounds = 0; rounds < 1000; rounds++) {
    const folded = rewriteAll(root, fold);
    root = folded.root;
    if (!folded.isChanged) break;
  }
  root = rewriteAll(root, compareToRange).root;
  if (kinds.has('builtin')) for (const rewrite of rewrites) root = rewriteAll(root, rewrite).root;
  return root;
}

/** Most expressions have none of these, and nothing to be rewritten. */
const rewritten: readonly Node['kind'][] = ['unary', 'binary', 'array', 'builtin'];

/** Applies a rewrite to every node, parts before the whole. */
function rewriteAll(tree: Node, rewrite: Rewrite): { readonly root: Node; readonly isChanged: boolean } {
  const replaced = new Map<Node, Node>();
  for (const node of nodesOf(tree).toReversed()) {
    if (replaced.size > 0) changeParts(node, (part) => replaced.get(part) ?? part);
    const better = rewrite(node);
    if (better) replaced.set(node, better);
  }
  return { root: replaced.get(tree) ?? tree, isChanged: replaced.size > 0 };
}
