import { Scalar, type YAMLSeq } from 'yaml';
import { formatPath, type JsonPath } from '../json.ts';
import { addItems, endsWith } from './add-item.ts';
import { parseYaml, type YamlText } from './documents.ts';
import { findTarget, type ScalarTarget, type Target } from './find-target.ts';
import { isExactly, type Changes } from './prove-edit.ts';
import { renderScalar, type ScalarValue } from './render.ts';
import { fitValue, isQuoted, looksTyped } from './scalar-value.ts';
import { applySplices, lineBreakOf, type Splice } from './splice.ts';

/** A new value for a scalar that is there, or (path ending in `-1`) for the place behind the items of a list. */
export interface YamlEdit {
  readonly path: JsonPath;
  readonly value: ScalarValue;
}

/**
 * The text with new values at these paths of its first document; every other byte stays as it is, which is proven by
 * reading the result again. A quoted text stays a quoted text; the last edit of a place wins; a list that already ends
 * in what is to be added stays. Throws an Error with all that stands in the way, each with line and column.
 */
export function updateYaml(text: string, edits: readonly YamlEdit[]): string {
  if (edits.length === 0) return text;
  const yaml = parseYaml(text);
  const found = edits.map(({ path }) => findTarget(yaml, path));
  const problems = found.filter((target) => typeof target === 'string');
  if (problems.length > 0) throw new Error(problems.join('; '));
  const { splices, ...changes } = planEdits(yaml, found as readonly Target[], edits);
  const updated = applySplices(text, splices);
  if (updated !== text && !isExactly(yaml, parseYaml(updated), changes)) {
    const paths = edits.map(({ path }) => formatPath(path)).join(', ');
    throw new Error(`cannot edit ${paths} without changing other values`);
  }
  return updated;
}

/** The splice that gives a scalar another value, in the style it has. */
export function replaceScalar(text: string, { node, inFlow }: ScalarTarget, value: ScalarValue): Splice {
  const [from, to] = node.range!;
  const type = styleFor(node, value);
  if (from === to) return fillEmpty(text, from, renderScalar(value, { type, inFlow }));
  const rendered = renderScalar(value, { type, inFlow });
  const isBlock = node.type === Scalar.BLOCK_FOLDED || node.type === Scalar.BLOCK_LITERAL;
  // The range of a block scalar takes its last line break along.
  const end = isBlock && text[to - 1] === '\n' ? lineBreakOf(text) : '';
  return { from, to, text: rendered + end };
}

function planEdits(
  yaml: YamlText,
  targets: readonly Target[],
  edits: readonly YamlEdit[],
): Changes & { readonly splices: readonly Splice[] } {
  const values = new Map<Scalar, ScalarValue>();
  const added = new Map<YAMLSeq, readonly ScalarValue[]>();
  const splices = new Map<Scalar, Splice>();
  for (const [index, target] of targets.entries()) {
    const { value } = edits[index]!;
    if ('list' in target) {
      added.set(target.list, [...(added.get(target.list) ?? []), value]);
      continue;
    }
    const fitting = fitValue(value, target.node);
    values.set(target.node, fitting);
    splices.delete(target.node);
    if (!Object.is(fitting, target.node.value))
      splices.set(target.node, replaceScalar(yaml.text, target, fitting));
  }
  for (const [list, items] of added) if (endsWith(list, items)) added.delete(list);
  const additions = [...added].map(([list, items]) => addItems(yaml, list, items));
  return { values, added, splices: [...splices.values(), ...additions] };
}

/** Quotes stay quotes; a block becomes one line, since its header says nothing about the new value. */
function styleFor(node: Scalar, value: ScalarValue): Scalar.Type | undefined {
  if (isQuoted(node)) return node.type;
  return typeof value === 'string' && looksTyped(value) ? Scalar.QUOTE_DOUBLE : undefined;
}

/** `key:` without a value: a blank before it, and one after it when a comment follows. */
function fillEmpty(text: string, at: number, rendered: string): Splice {
  const before = /[\s[{,]/.test(text[at - 1] ?? '\n') ? '' : ' ';
  const after = text[at] === '#' ? ' ' : '';
  return { from: at, to: at, text: before + rendered + after };
}
