import { isScalar, type Pair, type Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import type { YamlText } from './documents.ts';
import type { ImageEntry } from './kustomization.ts';
import { renderScalar } from './render.ts';
import { insertLine, lineEnd, lineStart, type Splice } from './splice.ts';
import { replaceScalar } from './yaml-update.ts';

/** kustomize's own order. */
const fields = ['name', 'newName', 'newTag', 'digest'] as const;

type EntryNode = YAMLMap<Scalar>;
type Field = Pair<Scalar>;

/** The splices that make an entry say what `target` says and nothing more. */
export function replaceEntry(
  { text, ...yaml }: YamlText,
  node: EntryNode,
  target: ImageEntry,
): readonly Splice[] {
  const pairs = node.items;
  const kept = pairs.filter(({ key }) => valueIn(target, key.value) !== undefined);
  const dropped = pairs.filter((pair) => !kept.includes(pair));
  const missing = fields.filter(
    (field) => target[field] !== undefined && !kept.some(({ key }) => key.value === field),
  );
  const odd = pairs.find((pair) => !isOneLine(text, pair));
  if (odd && (dropped.length > 0 || missing.length > 0)) {
    throw new Error(
      `${yaml.position(odd.key.range![0])}: images: write ${String(odd.key.value)} on one line`,
    );
  }
  const changed = kept.flatMap((pair) => setValue(text, node, pair, target));
  if (dropped.length === 0 && missing.length === 0) return changed;
  if (node.flow) return [{ from: node.range![0], to: node.range![1], text: renderFlow(target) }];
  const swapped = missing
    .slice(0, dropped.length)
    .map((field, index) => swap(text, dropped[index]!, field, target[field]!));
  return [
    ...changed,
    ...swapped.flat(),
    ...missing.slice(dropped.length).map((field) => insertField(text, node, field, target)),
    ...dropped.slice(missing.length).map((pair) => dropField(text, node, pair)),
  ];
}

/** The splices that add entries behind those that are there, in the style of the list. */
export function addEntries(
  yaml: YamlText,
  root: YAMLMap,
  pair: Pair | undefined,
  added: readonly ImageEntry[],
): readonly Splice[] {
  const { text } = yaml;
  const list = pair?.value;
  if (!pair) return [addList(yaml, root, added)];
  if (isScalar(list)) return fillList(text, root, pair as Field, added);
  const { items, flow, range } = list as YAMLSeq<EntryNode>;
  if (flow) return [beforeBracket(text, range![1] - 1, items.length > 0, added.map(renderFlow).join(', '))];
  const [first, last] = [items[0]!, items.at(-1)!];
  const [, indent, gap] =
    /^(\s*)-(\s+)$/.exec(text.slice(lineStart(text, first.range![0]), first.range![0])) ?? [];
  if (indent === undefined)
    throw new Error(`${yaml.position(first.range![0])}: images: begin the entry right after its dash`);
  return [insertLine(text, contentEnd(text, last), renderBlock(added, indent, gap))];
}

function valueIn(target: ImageEntry, field: unknown): string | undefined {
  return fields.some((known) => known === field) ? target[field as keyof ImageEntry] : undefined;
}

function isOneLine(text: string, { key, value }: Field): boolean {
  if (!isScalar(value) && value !== null) return false;
  const end = isScalar(value) ? value.range![1] : key.range![1];
  return !text.slice(key.range![0], end).includes('\n') && (!isScalar(value) || value.anchor === undefined);
}

function setValue(
  text: string,
  node: EntryNode,
  { key, value }: Field,
  target: ImageEntry,
): readonly Splice[] {
  const wanted = valueIn(target, key.value)!;
  if (!isScalar(value)) throw new Error(`images: ${String(key.value)} of ${target.name} is no single value`);
  return value.value === wanted
    ? []
    : [replaceScalar(text, { node: value, inFlow: node.flow === true }, wanted)];
}

/** `newTag: v1 # current` becomes `digest: sha256:… # current`: one field for another, on the same line. */
function swap(text: string, { key, value }: Field, field: string, wanted: string): readonly Splice[] {
  const [from, to] = key.range!;
  const end = isScalar(value) ? Math.max(value.range![1], to) : to;
  const rest = /^\s*:/.test(text.slice(to)) && end === to ? text.indexOf(':', to) + 1 : end;
  return [{ from, to: rest, text: `${field}: ${renderScalar(wanted)}` }];
}

function insertField(text: string, node: EntryNode, field: keyof ImageEntry, target: ImageEntry): Splice {
  const before = fields.slice(0, fields.indexOf(field));
  const anchor =
    node.items.findLast(({ key }) => before.some((known) => known === key.value)) ?? node.items.at(-1)!;
  const first = node.items[0]!.key.range![0];
  const indent = ' '.repeat(first - lineStart(text, first));
  return insertLine(text, anchor.key.range![0], `${indent}${field}: ${renderScalar(target[field]!)}`);
}

function dropField(text: string, node: EntryNode, pair: Field): Splice {
  const from = pair.key.range![0];
  const index = node.items.indexOf(pair);
  // The first field shares its line with the dash.
  if (index === 0) return { from, to: node.items[1]!.key.range![0], text: '' };
  return { from: lineStart(text, from), to: lineEnd(text, from), text: '' };
}

/** An offset on the last line of an entry. */
function contentEnd(text: string, node: EntryNode): number {
  const end = node.range![1];
  return node.range![0] + text.slice(node.range![0], end).trimEnd().length;
}

function addList({ text, documents }: YamlText, root: YAMLMap, added: readonly ImageEntry[]): Splice {
  if (root.flow) {
    const list = `images: [${added.map(renderFlow).join(', ')}]`;
    return beforeBracket(text, root.range![1] - 1, root.items.length > 0, list);
  }
  const indent = rootIndent(text, root);
  const lines = `${indent}images:\n${renderBlock(added, indent)}`;
  const [start] = root.range!;
  const body = text
    .slice(start, documents[0]!.range[2])
    .trimEnd()
    .replace(/\n\.\.\.$/, '')
    .trimEnd();
  return insertLine(text, start + body.length, lines);
}

/** `images:` without a value, or with null. */
function fillList(
  text: string,
  root: YAMLMap,
  { key, value }: Field,
  added: readonly ImageEntry[],
): readonly Splice[] {
  if (root.flow) {
    const { range } = value as Scalar;
    return [{ from: range![0], to: range![1], text: ` [${added.map(renderFlow).join(', ')}]` }];
  }
  const colon = text.indexOf(':', key.range![1]) + 1;
  const lines = insertLine(text, colon, renderBlock(added, rootIndent(text, root)));
  const [from, to] = (value as Scalar).range!;
  // An empty value stands behind the comment, a written null in front of it.
  return from === to ? [lines] : [{ from: colon, to, text: '' }, lines];
}

function rootIndent(text: string, root: YAMLMap): string {
  const [start] = root.range!;
  return text
    .slice(lineStart(text, start), start)
    .replace(/^\uFEFF/, '')
    .replace(/\S.*/, '');
}

function beforeBracket(text: string, at: number, follows: boolean, inserted: string): Splice {
  const before = text.slice(0, at).trimEnd();
  const comma = follows && !before.endsWith(',') ? ', ' : follows ? ' ' : '';
  return { from: before.length, to: before.length, text: comma + inserted };
}

function renderFlow(entry: ImageEntry): string {
  const parts = fields.filter((field) => entry[field] !== undefined);
  return `{${parts.map((field) => `${field}: ${renderScalar(entry[field]!, { inFlow: true })}`).join(', ')}}`;
}

function renderBlock(entries: readonly ImageEntry[], indent: string, gap = ' '): string {
  return entries
    .map((entry) => {
      const parts = fields.filter((field) => entry[field] !== undefined);
      const lines = parts.map((field) => `${field}: ${renderScalar(entry[field]!)}`);
      return `${indent}-${gap}${lines.join(`\n${indent} ${' '.repeat(gap.length)}`)}`;
    })
    .join('\n');
}
