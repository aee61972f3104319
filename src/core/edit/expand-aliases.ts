import {
  isAlias,
  isMap,
  isScalar,
  isSeq,
  visit,
  type Document,
  type Node,
  type Pair,
  type YAMLMap,
} from 'yaml';

/** Says whether a document has an alias. */
export function hasAliases(document: Document): boolean {
  let found = false;
  visit(document, {
    Alias() {
      found = true;
      return visit.BREAK;
    },
  });
  return found;
}

/**
 * Puts a copy of what they stand for in the place of all aliases and merge keys (`<<`), and takes the anchors away. Throws
 * an Error when an alias has no anchor, holds itself, or when too much would come of it.
 */
export function expandAliases(document: Document): void {
  if (!hasAliases(document) || !document.contents) return;
  const budget = { nodes: maximumNodes };
  const anchors = new Map<string, Node>();
  document.contents = expand(document.contents, anchors, budget) as typeof document.contents;
}

/** Far more than real files have; each may stand for thousands of others. */
const maximumNodes = 100_000;

/** Anchors are known from where they stand; the copy has none. */
function expand(node: unknown, anchors: Map<string, Node>, budget: { nodes: number }): unknown {
  budget.nodes -= 1;
  if (budget.nodes < 0) throw new Error('its aliases stand for too much');
  if (isAlias(node)) {
    const target = anchors.get(node.source);
    if (!target) throw new Error(`the alias *${node.source} has no anchor before it`);
    return count(target, budget).clone();
  }
  const { anchor } = (node ?? {}) as { anchor?: string };
  if (isSeq(node)) node.items = node.items.map((item) => expand(item, anchors, budget));
  if (isMap(node)) {
    for (const pair of node.items) pair.value = expand(pair.value, anchors, budget);
    node.items = resolveMerges(node);
  }
  if (anchor !== undefined) {
    delete (node as { anchor?: string }).anchor;
    anchors.set(anchor, node as Node);
  }
  return node;
}

function count(node: Node, budget: { nodes: number }): Node {
  visit(node, {
    Node() {
      budget.nodes -= 1;
    },
  });
  return node;
}

/** What `<<` brings stands before the map's own keys, which win. */
function resolveMerges({ items }: YAMLMap): Pair[] {
  const own = items.filter((pair) => !isMergeKey(pair));
  if (own.length === items.length) return items;
  const names = new Set(own.map(({ key }) => nameOf(key)));
  const merged = items.filter(isMergeKey).flatMap(({ value }) => (isSeq(value) ? value.items : [value]));
  const brought: Pair[] = [];
  for (const source of merged) {
    if (!isMap(source)) throw new Error('a merge key (<<) has something other than maps');
    for (const pair of source.items) {
      if (names.has(nameOf(pair.key))) continue;
      names.add(nameOf(pair.key));
      brought.push(pair.clone());
    }
  }
  return [...brought, ...own];
}

function isMergeKey({ key }: Pair): boolean {
  return isScalar(key) && key.value === '<<' && key.type === 'PLAIN';
}

function nameOf(key: unknown): unknown {
  return isScalar(key) ? key.value : key;
}
