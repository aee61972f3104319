import { getNodeValue, type Node } from 'jsonc-parser';
import type { Json } from '../json.ts';
import { isSameBut, memberOf, parseJsonTree } from './json-document.ts';
import { splitJsonKey, type JsonKeyPart, type JsonName } from './json-key.ts';
import type { JsonQuery } from './json-query.ts';
import { renderJson } from './render-json.ts';
import { applySplices, type Splice } from './splice.ts';

/** A new value for a place that a key names; see `splitJsonKey`. */
export interface JsonEdit {
  readonly key: string;
  readonly value: Json;
}

/**
 * The text with values set one after the other; every other byte stays as it is, which is proven by reading the result
 * again. What is missing is made, in the style of what stands beside it; `-1` adds an item to a list. With `again` a list
 * that ends in what is to be added stays as it is. Throws an Error with line and column of what is wrong in the text, or
 * that names the key.
 */
export function updateJson(text: string, edits: readonly JsonEdit[], again = false): string {
  return edits.reduce((current, edit) => setValue(current, edit, again), text);
}

/** Where a path ends in a document: a node that is there, and what is missing below it. */
interface Target {
  readonly node: Node;
  readonly missing: readonly JsonKeyPart[];
}

function setValue(text: string, { key, value }: JsonEdit, again: boolean): string {
  const parts = splitJsonKey(key);
  const root = parseJsonTree(text);
  if (!root) return (text.startsWith('\uFEFF') ? '\uFEFF' : '') + renderJson(build(key, parts, value));
  const targets = findTargets({ node: root, missing: parts }, key);
  if (targets.length === 0) throw new Error(`${key} does not exist: no item is like that`);
  const changed = new Map<Node, number>();
  const splices = targets.flatMap((target) => change(text, target, { key, value }, again, changed));
  const updated = applySplices(text, splices);
  if (isSameBut(root, parseJsonTree(updated), [text, updated], changed)) return updated;
  throw new Error(`cannot edit ${key} without changing other values`);
}

/** Follows a path as far as the document goes. */
function findTargets({ node, missing }: Target, key: string): readonly Target[] {
  const [part, ...rest] = missing;
  if (!part) return [{ node, missing }];
  const found = childrenOf(node, part, key);
  return found.length > 0 || 'query' in part
    ? found.flatMap((child) => findTargets({ node: child, missing: rest }, key))
    : [{ node, missing }];
}

function childrenOf(node: Node, part: JsonKeyPart, key: string): readonly Node[] {
  if ('query' in part) return findItems(node, part.query);
  if (node.type === 'object') return findMember(node, part);
  if (node.type !== 'array') return [];
  // Other places are as they were.
  if (part.name === '#' && part.fits) return node.children ?? [];
  if (part.isKey || !isIndex.test(part.name))
    throw new Error(`${key}: "${part.name}" is no place in a list: write a number, or -1 to add an item`);
  return (
    node.children?.slice(Number(part.name) < 0 ? node.children.length : Number(part.name)).slice(0, 1) ?? []
  );
}

/** A member that is called so wins over those that look so; of these it is the first one. */
function findMember(node: Node, { name, fits }: JsonName): readonly Node[] {
  const named = memberOf(node, name);
  if (named || !fits) return named ? [named] : [];
  const property = node.children?.find(({ children }) => fits(String(children?.[0]?.value)));
  return property?.children?.slice(1) ?? [];
}

function findItems(node: Node, { member, fits, all }: JsonQuery): readonly Node[] {
  const items = node.type === 'array' ? (node.children ?? []) : [];
  const found = items.filter((item) => {
    const place = member.reduce<Node | undefined>((inner, name) => inner && memberOf(inner, name), item);
    return place !== undefined && fits(place.value);
  });
  return all ? found : found.slice(0, 1);
}

const isIndex = /^(-1|0|[1-9]\d{0,5})$/;

function change(
  text: string,
  { node, missing }: Target,
  { key, value }: JsonEdit,
  again: boolean,
  changed: Map<Node, number>,
): readonly Splice[] {
  const [part, ...rest] = missing;
  if (part) checkMakeable(part, key);
  const isContainer = node.type === 'object' || node.type === 'array';
  if (!part || !isContainer) {
    changed.set(node, 0);
    const whole = renderJson(build(key, missing, value));
    return [{ from: node.offset, to: node.offset + node.length, text: whole }];
  }
  const built = build(key, rest, value);
  const items = node.type === 'object' ? [built] : padded(node, part.name, built);
  if (again && part.name === '-1' && endsIn(node, built)) return [];
  changed.set(node, items.length);
  return [insert(text, node, items.map(renderJson), node.type === 'object' ? part.name : undefined)];
}

function padded({ children = [] }: Node, index: string, item: Json): readonly Json[] {
  const gap = index === '-1' ? 0 : Number(index) - children.length;
  return [...Array<null>(gap).fill(null), item];
}

function endsIn({ children = [] }: Node, item: Json): boolean {
  const last = children.at(-1);
  return last !== undefined && JSON.stringify(getNodeValue(last)) === JSON.stringify(item);
}

/** What finds does not make: nothing says what it would be called. */
function checkMakeable(part: JsonKeyPart, key: string): asserts part is JsonName {
  if ('query' in part) throw new Error(`${key}: #(…) finds items of a list, and there is none`);
  if (part.fits)
    throw new Error(
      `${key}: nothing is like ${part.name}; write a backslash before a sign that belongs to a name`,
    );
}

/** What a path that is not there makes: lists for numbers, else objects. */
function build(key: string, parts: readonly JsonKeyPart[], value: Json): Json {
  return parts.reduceRight<Json>((inner, part) => {
    checkMakeable(part, key);
    const { name, isKey } = part;
    if (isKey || !isIndex.test(name)) return { [name]: inner };
    return [...Array<null>(Math.max(0, Number(name))).fill(null), inner];
  }, value);
}

/** Puts values behind the last child, separated as the others are. */
function insert(text: string, node: Node, values: readonly string[], name: string | undefined): Splice {
  const { children = [], offset } = node;
  const last = children.at(-1);
  const colon = name === undefined ? '' : colonOf(text, last);
  const added = values.map((value) =>
    name === undefined ? value : `${JSON.stringify(name)}${colon}${value}`,
  );
  if (!last) return { from: offset + 1, to: offset + 1, text: added.join(',') };
  const before = children.at(-2);
  const start = before ? before.offset + before.length : offset + 1;
  const space = spaceIn(text.slice(start, last.offset)) || (!before && colon.endsWith(' ') ? ' ' : '');
  const end = last.offset + last.length;
  return { from: end, to: end, text: added.map((item) => `,${space}${item}`).join('') };
}

function colonOf(text: string, property: Node | undefined): string {
  const [key, value] = property?.children ?? [];
  if (!key || !value) return ':';
  const between = text.slice(key.offset + key.length, value.offset);
  return /^\s*:\s*$/.test(between) ? between : ': ';
}

/** White space right before an item, whatever comments stand there too. */
function spaceIn(between: string): string {
  return /\s*$/.exec(between)![0];
}
