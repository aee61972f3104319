import { isScalar, type Node, type YAMLSeq } from 'yaml';
import type { YamlText } from './documents.ts';
import { renderScalar, type ScalarValue } from './render.ts';
import { insertLine, lineStart, type Splice } from './splice.ts';

/** The splice that adds values behind the items of a list, in the style of the list. Throws an Error when it has none. */
export function addItems(yaml: YamlText, list: YAMLSeq, values: readonly ScalarValue[]): Splice {
  const { text } = yaml;
  const last = list.items.at(-1) as Node | undefined;
  if (list.flow || last === undefined) return addInFlow(text, list, values);
  const [start, end] = last.range!;
  const [, indent] = /^([ \t]*(?:- *)*?)-[ \t]+$/.exec(text.slice(lineStart(text, start), start)) ?? [];
  if (indent === undefined || /-/.test(indent)) {
    throw new Error(
      `${yaml.position(start)}: write the last item of the list on a line of its own, right after its dash`,
    );
  }
  const lines = values.map((value) => `${indent}- ${renderScalar(value)}`).join('\n');
  return insertLine(text, start + text.slice(start, end).trimEnd().length, lines);
}

/** Says whether a list ends in these values, in this order. */
export function endsWith({ items }: YAMLSeq, values: readonly ScalarValue[]): boolean {
  const tail = items.slice(-values.length);
  return (
    tail.length === values.length &&
    tail.every((item, index) => isScalar(item) && item.value === values[index])
  );
}

function addInFlow(text: string, { range, items }: YAMLSeq, values: readonly ScalarValue[]): Splice {
  const before = text.slice(0, range![1] - 1).trimEnd();
  const comma = items.length === 0 ? '' : before.endsWith(',') ? ' ' : ', ';
  const rendered = values.map((value) => renderScalar(value, { inFlow: true })).join(', ');
  return { from: before.length, to: before.length, text: comma + rendered };
}
