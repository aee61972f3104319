import { fail } from './errors.ts';
import { numberOf } from './arithmetic.ts';
import type { Budget } from './budget.ts';
import { compareTexts } from './utf8.ts';
import {
  AnyDict,
  Dict,
  identityOf,
  Integer,
  isNil,
  List,
  maximumDepth,
  Native,
  typeName,
  type Value,
} from './values.ts';

/** `==`: numbers by size, lists item by item, everything else exactly as it is. */
export function isEqual(left: Value, right: Value, budget: Budget, depth = 0): boolean {
  budget.spend(4);
  if (depth > maximumDepth) fail('the values are nested too deeply');
  if (typeof left === 'string' || typeof left === 'boolean') {
    if (typeof left === 'string') budget.read(left);
    return left === right;
  }
  const one = numberOf(left);
  const other = numberOf(right);
  if (one !== undefined && other !== undefined) return isSameNumber(one, other);
  if (isNil(left) && isNil(right)) return true;
  if (left instanceof List && right instanceof List && isLoose(left, right)) {
    return isEqualList(left, right, (a, b) => isEqual(a, b, budget, depth + 1));
  }
  return isIdentical(left, right, budget, depth);
}

/** The order of two values of one kind; an error where there is none. NaN gives NaN. */
export function compare(left: Value, right: Value, budget: Budget): number {
  const one = numberOf(left);
  const other = numberOf(right);
  if (one !== undefined && other !== undefined) return compareNumbers(one, other);
  if (typeof left === 'string' && typeof right === 'string') {
    budget.spend(Math.min(left.length, right.length) >> 3);
    return compareTexts(left, right);
  }
  const order = left instanceof Native && right instanceof Native ? left.compare(right) : undefined;
  return order ?? fail(`${typeName(left)} and ${typeName(right)} have no order`);
}

/** `in`: items of a list, keys of a map, fields of a structure. */
export function isIn(needle: Value, haystack: Value, budget: Budget): boolean {
  if (isNil(haystack)) return false;
  if (haystack instanceof List) return haystack.items.some((item) => isEqual(item, needle, budget));
  if (haystack instanceof Uint8Array)
    return [...haystack].some((byte) => isEqual(BigInt(byte), needle, budget));
  if (haystack instanceof AnyDict) return haystack.entries.has(identityOf(needle));
  if (haystack instanceof Dict) {
    if (needle !== null && typeof needle !== 'string')
      fail(`${typeName(needle)} cannot be a key of this map`);
    return haystack.entries.has(needle ?? '');
  }
  if (haystack instanceof Native && typeof needle === 'string') return haystack.field(needle) !== undefined;
  return fail(`operator in does not work on ${typeName(haystack)}`);
}

function isSameNumber(one: bigint | number, other: bigint | number): boolean {
  return typeof one === typeof other ? one === other : Number(one) === Number(other);
}

function compareNumbers(one: bigint | number, other: bigint | number): number {
  if (typeof one === 'bigint' && typeof other === 'bigint') return one < other ? -1 : one > other ? 1 : 0;
  const [left, right] = [Number(one), Number(other)];
  return left < right ? -1 : left > right ? 1 : left === right ? 0 : NaN;
}

/** Lists compare with tolerance when one of them is an ordinary one. */
function isLoose(left: List, right: List): boolean {
  const kinds = ['any', 'int', 'string'];
  return (
    (left.kind === 'any' && kinds.includes(right.kind)) || (right.kind === 'any' && kinds.includes(left.kind))
  );
}

function isEqualList(left: List, right: List, same: (a: Value, b: Value) => boolean): boolean {
  if (left.length !== right.length) return false;
  return left.items.every((item, index) => same(item, right.items[index]!));
}

/** Same type, same content, all the way down. */
function isIdentical(left: Value, right: Value, budget: Budget, depth: number): boolean {
  budget.spend(6);
  if (depth > maximumDepth) fail('the values are nested too deeply');
  const same = (a: Value, b: Value) => isIdentical(a, b, budget, depth + 1);
  if (left instanceof List)
    return right instanceof List && left.kind === right.kind && isEqualList(left, right, same);
  if (left instanceof Uint8Array) return right instanceof Uint8Array && left.join() === right.join();
  if (left instanceof Dict) {
    if (!(right instanceof Dict) || left.kind !== right.kind || left.entries.size !== right.entries.size)
      return false;
    budget.spend(left.entries.size * 4);
    for (const [key, item] of left.entries)
      if (!right.entries.has(key) || !same(item, right.entries.get(key)!)) return false;
    return true;
  }
  if (left instanceof AnyDict) {
    if (!(right instanceof AnyDict) || left.entries.size !== right.entries.size) return false;
    return [...left.entries].every(
      ([key, [, item]]) => right.entries.has(key) && same(item, right.entries.get(key)![1]),
    );
  }
  if (left instanceof Integer)
    return right instanceof Integer && left.kind === right.kind && left.value === right.value;
  if (left instanceof Native) return right instanceof Native && left.equals(right);
  return left === right;
}
