import { isAlias, isCollection, isMap, isScalar, isSeq, Scalar, type Node } from 'yaml';
import { formatPath, type Json, type JsonPath } from '../json.ts';
import { parseYaml, sameJson, valuesOf, type YamlText } from './documents.ts';
import { renderScalar, type ScalarValue } from './render.ts';
import { applySplices, lineBreakOf, type Splice } from './splice.ts';

/** A new value for a scalar that is there. */
export interface YamlEdit {
  readonly path: JsonPath;
  readonly value: ScalarValue;
}

/**
 * The text with new values at these paths of its first document; every other byte stays as it is, which is proven by
 * reading the result again. Throws an Error with all that stands in the way, each with line and column.
 */
export function updateYaml(text: string, edits: readonly YamlEdit[]): string {
  if (edits.length === 0) return text;
  const yaml = parseYaml(text);
  const found = edits.map((edit) => findTarget(yaml, edit.path));
  const problems = found.filter((target) => typeof target === 'string');
  if (problems.length > 0) throw new Error(problems.join('; '));
  const targets = found.filter((target) => typeof target !== 'string');
  const updated = applySplices(
    text,
    edits.map(({ value }, index) => replaceScalar(text, targets[index]!, value)),
  );
  prove(yaml, updated, edits);
  return updated;
}

/** A scalar and where it stands. */
export interface ScalarTarget {
  readonly node: Scalar;
  readonly inFlow: boolean;
}

/** The splice that gives a scalar another value, in the style it has. */
export function replaceScalar(text: string, { node, inFlow }: ScalarTarget, value: ScalarValue): Splice {
  const [from, to] = node.range!;
  if (from === to) return fillEmpty(text, from, renderScalar(value, { inFlow }));
  const rendered = renderScalar(value, { type: styleOf(node), inFlow });
  const isBlock = node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL;
  // The range of a block scalar takes its last line break along.
  const end = isBlock && text[to - 1] === '\n' ? lineBreakOf(text) : '';
  return { from, to, text: rendered + end };
}

/** Quotes stay quotes; a block becomes one line, since its header says nothing about the new value. */
function styleOf({ type }: Scalar): Scalar.Type | undefined {
  return type === Scalar.QUOTE_DOUBLE || type === Scalar.QUOTE_SINGLE ? type : undefined;
}

/** `key:` without a value: a blank before it, and one after it when a comment follows. */
function fillEmpty(text: string, at: number, rendered: string): Splice {
  const before = /[\s[{,]/.test(text[at - 1] ?? '\n') ? '' : ' ';
  const after = text[at] === '#' ? ' ' : '';
  return { from: at, to: at, text: before + rendered + after };
}

/** The scalar at a path, or why there is none to edit. */
function findTarget(yaml: YamlText, path: JsonPath): ScalarTarget | string {
  let node: unknown = yaml.documents[0]?.contents ?? undefined;
  let inFlow = false;
  for (const [index, part] of path.entries()) {
    const here = formatPath(path.slice(0, index + 1));
    if (isAlias(node))
      return refuse(yaml, node, `${here} lies behind the alias *${node.source}: edit its anchor instead`);
    if (!isCollection(node))
      return refuse(yaml, node, `${here} does not exist: what is above it is no map or list`);
    inFlow ||= node.flow === true;
    const next: unknown = isMap(node)
      ? findValue(node, part)
      : isSeq(node)
        ? node.items[Number(part)]
        : undefined;
    if (next === undefined) return refuse(yaml, node, `${here} does not exist`);
    node = next;
  }
  if (isScalar(node)) return { node, inFlow };
  const what = isAlias(node)
    ? `is the alias *${node.source}: edit its anchor instead`
    : 'is no single value but a map or list';
  return refuse(yaml, node, `${formatPath(path) || 'the document'} ${what}`);
}

function findValue(
  node: { readonly items: readonly { readonly key: unknown; readonly value: unknown }[] },
  part: string | number,
): unknown {
  return node.items.find(({ key }) => isScalar(key) && String(key.value) === String(part))?.value;
}

function refuse(yaml: YamlText, node: unknown, words: string): string {
  const at = (node as Node | undefined)?.range?.[0];
  return at === undefined ? words : `${yaml.position(at)}: ${words}`;
}

/** The check that makes this safe, whatever the rules above may have missed. */
function prove(before: YamlText, updated: string, edits: readonly YamlEdit[]): void {
  const after = valuesOf(parseYaml(updated));
  const expected = valuesOf(before).map((value, index) => (index === 0 ? withEdits(value, edits) : value));
  if (!sameJson(after, expected)) {
    throw new Error(
      `cannot edit ${edits.map(({ path }) => formatPath(path)).join(', ')} without changing other values`,
    );
  }
}

function withEdits(document: Json, edits: readonly YamlEdit[]): Json {
  return edits.reduce((value, { path, value: replacement }) => withValue(value, path, replacement), document);
}

function withValue(document: Json, path: JsonPath, replacement: Json): Json {
  const [part, ...rest] = path;
  if (part === undefined) return replacement;
  if (Array.isArray(document)) {
    return document.map((item: Json, index) =>
      index === Number(part) ? withValue(item, rest, replacement) : item,
    );
  }
  const owner = document as Record<string, Json>;
  return { ...owner, [part]: withValue(owner[part] ?? null, rest, replacement) };
}
