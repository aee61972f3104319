import { Budget } from '../budget.ts';
import { fail } from '../errors.ts';
import { compareTexts } from '../utf8.ts';
import { AnyDict, Dict, Integer, List, maximumDepth, Native, type Value } from '../values.ts';

/** A value as `string()` prints it: Go's `%v`. */
export function formatText(value: Value, budget = new Budget(), depth = 0): string {
  budget.spend(20);
  budget.read(value);
  if (depth > maximumDepth) fail('the value is nested too deeply');
  const nested = (item: Value) => formatText(item, budget, depth + 1);
  if (value === null) return '<nil>';
  if (typeof value === 'number') return formatNumber(value);
  if (typeof value !== 'object') return String(value);
  if (value instanceof Integer) return String(value.value);
  if (value instanceof Uint8Array) return `[${value.join(' ')}]`;
  if (value instanceof List) return counted(`[${value.items.map(nested).join(' ')}]`, budget);
  if (value instanceof Native) return value.text();
  if (value instanceof Dict || value instanceof AnyDict) budget.sort(value.entries.size * 2);
  if (value instanceof Dict) return formatMap([...value.entries], nested);
  if (value instanceof AnyDict) {
    return formatMap(
      [...value.entries.values()].map(([key, item]) => [nested(key), item] as const),
      nested,
    );
  }
  return 'func';
}

/** A fraction as Go's `%v`: plain from 0.0001 to below a million, else with an exponent of at least two digits. */
export function formatNumber(value: number): string {
  if (Number.isNaN(value)) return 'NaN';
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf';
  if (Object.is(value, -0)) return '-0';
  const [digits, power] = value.toExponential().split('e');
  const exponent = Number(power);
  if (exponent >= -4 && exponent < 6) return String(value);
  return `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`;
}

function counted(text: string, budget: Budget): string {
  budget.text(text.length);
  return text;
}

function formatMap(entries: readonly (readonly [string, Value])[], nested: (item: Value) => string): string {
  const sorted = entries.toSorted(([one], [other]) => compareTexts(one, other));
  return `map[${sorted.map(([key, item]) => `${key}:${nested(item)}`).join(' ')}]`;
}
