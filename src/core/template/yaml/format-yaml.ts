import { Budget } from '../../expression/budget.ts';
import { fail } from '../../expression/errors.ts';
import { formatNumber, formatText } from '../../expression/format/text.ts';
import { AnyDict, Dict, List, maximumDepth, Native, type Value } from '../../expression/values.ts';
import { byteLength } from '../../expression/utf8.ts';
import { compareKeys } from './compare-keys.ts';
import { formatScalar } from './scalar.ts';

/** Where a value stands: columns it is indented by, and whether directly behind `- `. */
interface Place {
  readonly indent: number;
  readonly isItem: boolean;
  readonly depth: number;
  readonly budget: Budget;
}

/** Longest key, in bytes, that stands before its colon. */
const maximumKey = 128;

/** A value as YAML with Kargo's emitter: four columns, keys in natural order, a line break at the end. */
export function formatYaml(value: Value, budget = new Budget()): string {
  return `${format(value, { indent: -1, isItem: false, depth: 0, budget }).trimStart()}\n`.replace(/^\n/, '');
}

/** The text behind `key:` or `-`, the blank or line break before it included. */
function format(value: Value, place: Place): string {
  place.budget.spend(40);
  place.budget.read(value);
  if (place.depth > maximumDepth) fail('the value is nested too deeply');
  if (typeof value === 'string') {
    place.budget.spend(value.length);
    return ` ${formatScalar(value, columnsWithin(place, true), false)}`;
  }
  if (value instanceof List) return formatList(value.items, place);
  if (value instanceof Uint8Array) return formatList([...value].map(BigInt), place);
  if (value instanceof Dict || value instanceof AnyDict) place.budget.sort(value.entries.size * 8);
  if (value instanceof Dict)
    return formatMap(
      [...value.entries].toSorted(([a], [b]) => compareKeys(a, b)),
      place,
    );
  if (value instanceof AnyDict) return formatMap(sortPairs([...value.entries.values()]), place);
  if (value instanceof Native) return formatNative(value, place);
  return ` ${formatPlain(value)}`;
}

function formatNative(value: Native, place: Place): string {
  const yaml = value.yaml();
  // Fields of a record keep their order.
  if (yaml instanceof AnyDict) return formatMap([...yaml.entries.values()], place);
  return value.type.name.startsWith('time.') && typeof yaml === 'string' ? ` ${yaml}` : format(yaml, place);
}

function formatPlain(value: Value): string {
  if (value === null) return 'null';
  if (typeof value === 'number') {
    if (Number.isNaN(value)) return '.nan';
    return Number.isFinite(value) ? formatNumber(value) : value > 0 ? '.inf' : '-.inf';
  }
  return formatText(value);
}

function formatList(items: readonly Value[], place: Place): string {
  if (items.length === 0) return ' []';
  const indent = columnsWithin(place, false);
  const inner = { indent, isItem: true, depth: place.depth + 1, budget: place.budget };
  return start(place, indent) + items.map((item) => `-${format(item, inner)}`).join(lineOf(indent));
}

function formatMap(entries: readonly (readonly [Value, Value])[], place: Place): string {
  if (entries.length === 0) return ' {}';
  const indent = columnsWithin(place, false);
  const inner = { indent, isItem: false, depth: place.depth + 1, budget: place.budget };
  const lines = entries.map(([key, value]) => {
    const name = typeof key === 'string' ? formatScalar(key, indent, true) : formatPlain(key);
    // A key that is too long to be seen as one is announced.
    const head = byteLength(name) > maximumKey ? `? ${name}${lineOf(indent)}` : name;
    return `${head}:${format(value, inner)}`;
  });
  return start(place, indent) + lines.join(lineOf(indent));
}

/** Behind a dash the first entry stays on the line. */
function start({ isItem }: Place, indent: number): string {
  return isItem ? ' ' : lineOf(indent);
}

function lineOf(indent: number): string {
  return `\n${' '.repeat(indent)}`;
}

function columnsWithin({ indent, isItem }: Place, isText: boolean): number {
  if (indent < 0) return isText ? 4 : 0;
  return isItem ? indent + 2 : 4 * Math.floor((indent + 4) / 4);
}

function sortPairs(pairs: readonly (readonly [Value, Value])[]): readonly (readonly [Value, Value])[] {
  return pairs.toSorted(([one], [other]) => compareKeys(one, other));
}
