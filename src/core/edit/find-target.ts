import { isAlias, isCollection, isMap, isScalar, isSeq, type Node, type Scalar, type YAMLSeq } from 'yaml';
import { formatPath, type JsonPath } from '../json.ts';
import type { YamlText } from './documents.ts';

/** A scalar and where it stands, or the list that an item is to be added to. */
export type Target = ScalarTarget | { readonly list: YAMLSeq };

export interface ScalarTarget {
  readonly node: Scalar;
  /** Inside `[]` or `{}`. */
  readonly inFlow: boolean;
}

/** What a path of the first document leads to, `-1` being the place behind a list; or why there is nothing to edit. */
export function findTarget(yaml: YamlText, path: JsonPath): Target | string {
  let node: unknown = yaml.documents[0]?.contents ?? undefined;
  let inFlow = false;
  for (const [index, part] of path.entries()) {
    const here = formatPath(path.slice(0, index + 1));
    if (isAlias(node))
      return refuse(yaml, node, `${here} lies behind the alias *${node.source}: edit its anchor instead`);
    if (!isCollection(node))
      return refuse(yaml, node, `${here} does not exist: what is above it is no map or list`);
    if (isSeq(node) && String(part) === '-1' && index === path.length - 1) return { list: node };
    inFlow ||= node.flow === true;
    const next = isMap(node) ? findValue(node, part) : findItem(node, part);
    if (next === undefined) return refuse(yaml, node, `${here} does not exist`);
    node = next;
  }
  if (isScalar(node)) return { node, inFlow };
  const what = isAlias(node)
    ? `is the alias *${node.source}: edit its anchor instead`
    : 'is no single value but a map or list';
  return refuse(yaml, node, `${formatPath(path) || 'the document'} ${what}`);
}

interface Items {
  readonly items: readonly unknown[];
}

function findValue({ items }: Items, part: string | number): unknown {
  const pairs = items as readonly { readonly key: unknown; readonly value: unknown }[];
  return pairs.find(({ key }) => isScalar(key) && String(key.value) === String(part))?.value;
}

function findItem({ items }: Items, part: string | number): unknown {
  return /^\d+$/.test(String(part)) ? items[Number(part)] : undefined;
}

function refuse(yaml: YamlText, node: unknown, words: string): string {
  const at = (node as Node | undefined)?.range?.[0];
  return at === undefined ? words : `${yaml.position(at)}: ${words}`;
}
