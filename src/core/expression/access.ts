import { fail } from './errors.ts';
import { suggest } from '../did-you-mean.ts';
import type { Budget } from './budget.ts';
import { truncate } from './arithmetic.ts';
import type { CallContext } from './function.ts';
import { callFunction } from './function.ts';
import { byteLength, encodeUtf8, sliceBytes } from './utf8.ts';
import {
  AnyDict,
  Callable,
  Dict,
  identityOf,
  Integer,
  List,
  Native,
  typeName,
  type Value,
} from './values.ts';

/** `base[key]` and `base.key`. A missing key of a map gives nil; a list wants an index inside it. */
export function fetch(base: Value, key: Value, context: CallContext): Value {
  if (base instanceof Dict) return fetchKey(base, key);
  if (base instanceof AnyDict) return base.entries.get(identityOf(key))?.[1] ?? base.missing;
  if (base instanceof Native && typeof key === 'string') return fetchMember(base, key, context);
  if (base === null) return fail(`cannot read ${explainKey(key)} of nil${hint(key)}`);
  const items = findItems(base);
  if (!items) return fail(`cannot read ${explainKey(key)} of ${typeName(base)}`);
  const index = resolveIndex(key, items.length);
  return index === undefined ? fail('index out of range') : items.at(index);
}

/** `get(base, key)`: nil where `base[key]` finds nothing. */
export function find(base: Value, key: Value, context: CallContext): Value {
  if (base instanceof Dict && base.kind === 'string') return fetchKey(new Dict(base.entries), key);
  if (base instanceof AnyDict) return base.entries.get(identityOf(key))?.[1] ?? null;
  if (base instanceof Dict || base instanceof Native) return fetch(base, key, context);
  const items = findItems(base);
  const index = items ? resolveIndex(key, items.length) : undefined;
  return index === undefined ? null : items!.at(index);
}

/** `base[from:to]`: never out of range; texts are cut by bytes. */
export function slice(base: Value, from: Value | undefined, to: Value | undefined, budget: Budget): Value {
  const length = typeof base === 'string' ? byteLength(base) : sized(base);
  if (typeof base === 'string' && length > base.length) budget.spend(length);
  const end = clamp(to === undefined ? length : Number(truncate(to)), length);
  const start = Math.min(clamp(from === undefined ? 0 : Number(truncate(from)), length), end);
  if (typeof base === 'string') return sliceBytes(base, start, end);
  if (base instanceof Uint8Array) return base.slice(start, end);
  const { items, kind, isNil } = base as List;
  return new List(items.slice(start, end), kind === 'pair' ? 'any' : kind, isNil);
}

/** Something that can be walked through by position. */
export interface Items {
  readonly length: number;
  at(index: number): Value;
}

/** The items of a list, the bytes of a text or bytes value; undefined for everything else. */
export function findItems(value: Value): Items | undefined {
  if (value instanceof List) return value;
  const bytes = typeof value === 'string' ? encodeUtf8(value) : value;
  if (!(bytes instanceof Uint8Array)) return undefined;
  return { length: bytes.length, at: (index) => new Integer('uint8', BigInt(bytes[index]!)) };
}

function fetchKey(base: Dict, key: Value): Value {
  if (key !== null && typeof key !== 'string') return fail(`${typeName(key)} cannot be a key of this map`);
  return base.entries.get(key ?? '') ?? base.method(key ?? '') ?? (base.kind === 'string' ? '' : null);
}

function fetchMember(base: Native, key: string, context: CallContext): Value {
  const { fields = {}, methods, name } = base.type;
  const method = methods && Object.hasOwn(methods, key) ? methods[key] : undefined;
  if (method) return new Callable((args) => callFunction(method, [base, ...args], context));
  const field = base.field(key);
  if (field !== undefined) return field;
  const known = [...Object.keys(fields), ...Object.keys(methods ?? {})];
  return fail(`${name} has no field or method ${explainKey(key)}${suggest(key, known)}`);
}

function resolveIndex(key: Value, length: number): number | undefined {
  const index = Number(truncate(key));
  const position = index < 0 ? length + index : index;
  return position >= 0 && position < length ? position : undefined;
}

function sized(base: Value): number {
  if (base instanceof List) return base.length;
  return base instanceof Uint8Array ? base.length : fail(`cannot slice ${typeName(base)}`);
}

function clamp(index: number, length: number): number {
  return Math.max(0, Math.min(index < 0 ? length + index : index, length));
}

/** Keys come from the source or from data: only short plain names are shown. */
function explainKey(key: Value): string {
  return typeof key === 'string' && /^[\w-]{1,60}$/.test(key)
    ? key
    : typeof key === 'bigint'
      ? `[${key}]`
      : 'an element';
}

function hint(key: Value): string {
  return typeof key === 'string' ? ' (?. reads nil instead)' : '';
}
