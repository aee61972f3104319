import type { Json } from '../json.ts';
import type { Nature } from './nature.ts';
import type { FunctionDeclaration } from './function.ts';
import { fail } from './errors.ts';

/** A value of the language. Whole numbers are bigint (64 bits), fractions are number; nil is null. */
export type Value =
  | null
  | boolean
  | bigint
  | number
  | string
  | Uint8Array
  | List
  | Dict
  | AnyDict
  | Integer
  | Native
  | Callable;

/** Element type of a list where the language can tell: `pairs` holds lists of kind `pair`. */
export type ListKind = 'any' | 'int' | 'string' | 'pairs' | 'pair';

/** A list. A nil list is empty, equals nil and prints as `null`. */
export class List {
  #items: readonly Value[] | undefined;
  readonly kind: ListKind;
  readonly isNil: boolean;

  constructor(items: readonly Value[] | undefined, kind: ListKind = 'any', isNil = false) {
    this.#items = items;
    this.kind = kind;
    this.isNil = isNil;
  }

  get items(): readonly Value[] {
    return (this.#items ??= this.make());
  }
  get length(): number {
    return this.items.length;
  }
  at(index: number): Value {
    return this.items[index]!;
  }
  /** The items of a list that was made without them. */
  protected make(): readonly Value[] {
    return [];
  }
}

/** Whole numbers in a row; a list of them is only made where one is needed. */
export class Range extends List {
  readonly #first: bigint;
  readonly #length: number;

  constructor(first: bigint, length: number) {
    super(undefined, 'int');
    this.#first = first;
    this.#length = length;
  }

  override get length(): number {
    return this.#length;
  }
  override at(index: number): Value {
    return this.#first + BigInt(index);
  }
  protected override make(): readonly Value[] {
    const items: bigint[] = [];
    for (let item = this.#first; items.length < this.#length; item++) items.push(item);
    return items;
  }
}

/** A map with text keys. One of kind `string` holds texts only: a missing key is the empty text. */
export class Dict {
  readonly entries: ReadonlyMap<string, Value>;
  readonly kind: 'any' | 'string';

  constructor(entries: ReadonlyMap<string, Value>, kind: 'any' | 'string' = 'any') {
    this.entries = entries;
    this.kind = kind;
  }

  /** What can be called on the map itself; a key of that name wins. */
  method(_name: string): Callable | undefined {
    return undefined;
  }
}

/** A map with keys of any plain type, exact in type; `missing` is what an absent key gives. */
export class AnyDict {
  readonly entries: ReadonlyMap<unknown, readonly [Value, Value]>;
  readonly missing: Value;

  constructor(pairs: Iterable<readonly [Value, Value]>, missing: Value = null) {
    const entries = new Map<unknown, readonly [Value, Value]>();
    for (const pair of pairs) entries.set(identityOf(pair[0]), pair);
    this.entries = entries;
    this.missing = missing;
  }
}

/** A whole number of another width; arithmetic makes a plain one of it. */
export class Integer {
  readonly kind: 'uint8' | 'int64' | 'uint64';
  readonly value: bigint;

  constructor(kind: 'uint8' | 'int64' | 'uint64', value: bigint) {
    this.kind = kind;
    this.value = value;
  }
}

/** The static side of a native value: its name, its readable fields, its methods (receiver first). */
export interface NativeType {
  readonly name: string;
  readonly fields?: Readonly<Record<string, Nature>>;
  readonly methods?: Readonly<Record<string, FunctionDeclaration>>;
}

/** A value with a type of its own: times, versions, Freight artifacts. */
export abstract class Native {
  abstract readonly type: NativeType;
  /** As `string()` prints it. */
  abstract text(): string;
  /** What stands for it in JSON. */
  abstract json(): Value;
  /** What stands for it in YAML. */
  yaml(): Value {
    return this.json();
  }
  field(_name: string): Value | undefined {
    return undefined;
  }
  equals(other: Native): boolean {
    return this.type === other.type && this.text() === other.text();
  }
  /** Negative, zero or positive; undefined where there is no order. */
  compare(_other: Native): number | undefined {
    return undefined;
  }
  /** The result of an arithmetic operator with this value on the left (or right), undefined where there is none. */
  arithmetic(_operator: string, _other: Value, _onTheRight: boolean): Value | undefined {
    return undefined;
  }
  /** The whole number behind it, if `int()` may ask. */
  integer(): bigint | undefined {
    return undefined;
  }
}

/** Something that can be called: a method with its receiver, or a function of the environment. */
export class Callable {
  readonly call: (args: readonly Value[]) => Value;

  constructor(call: (args: readonly Value[]) => Value) {
    this.call = call;
  }
}

/** Nil in any of its forms. */
export function isNil(value: Value): boolean {
  return value === null || (value instanceof List && value.isNil);
}

/** The value of decoded JSON: its numbers are fractions, its objects maps. */
export function fromJson(json: Json, depth = 0): Value {
  if (typeof json !== 'object' || json === null) return json;
  if (depth > maximumDepth) fail('the document is nested too deeply');
  if (Array.isArray(json)) return new List(json.map((item: Json) => fromJson(item, depth + 1)));
  const entries = new Map<string, Value>();
  for (const [key, item] of Object.entries(json)) entries.set(key, fromJson(item, depth + 1));
  return new Dict(entries);
}

/** A map of texts, as ConfigMaps and Secrets are. */
export function textDict(texts: Readonly<Record<string, string>>): Dict {
  return new Dict(new Map(Object.entries(texts)), 'string');
}

/** What tells a key of an AnyDict from others. */
export function identityOf(key: Value): unknown {
  if (key === null || typeof key !== 'object') return key;
  if (key instanceof Integer) return `\0${key.kind} ${key.value}`;
  if (key instanceof Native) return `\0${key.type.name} ${key.text()}`;
  return fail(`${typeName(key)} cannot be a key`);
}

/** What `type()` answers. */
export function typeName(value: Value): string {
  if (value === null) return 'nil';
  if (typeof value === 'boolean') return 'bool';
  if (typeof value === 'bigint') return 'int';
  if (typeof value === 'number') return 'float';
  if (typeof value === 'string') return 'string';
  if (value instanceof Uint8Array || value instanceof List) return 'array';
  if (value instanceof Dict || value instanceof AnyDict) return 'map';
  if (value instanceof Integer) return value.kind === 'int64' ? 'int' : 'uint';
  return value instanceof Native ? value.type.name : 'func';
}

/** Deepest nesting of values that is printed, compared or decoded. */
export const maximumDepth = 1000;
