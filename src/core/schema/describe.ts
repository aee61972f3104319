import type {
  Static,
  TArray,
  TBoolean,
  TInteger,
  TNumber,
  TObject,
  TOptional,
  TSchema,
  TString,
  TUnsafe,
} from 'typebox';
import type { Json, JsonObject } from '../json.ts';

/**
 * How a config is declared: each function returns plain JSON Schema 2020-12 with a static type. Only types come from
 * typebox, so that importing a declaration costs nothing. The description comes first, so it cannot be forgotten.
 */

export interface FieldOptions {
  readonly default?: Json;
  /** Accepted, but no longer the way to say it. */
  readonly deprecated?: boolean;
  /** What to write instead of a deprecated field, as in `write … instead`. */
  readonly 'x-instead'?: string;
  /** Replaces our words for every rule of this field: `must be …`. */
  readonly 'x-message'?: string;
}

export interface StringOptions extends FieldOptions {
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly pattern?: string;
  readonly format?: 'uri' | 'email';
  /** What an artifact object means here: a commit its ID, an image its tag, a chart its version. */
  readonly artifact?: ArtifactKind;
  /** Go's notation of a span of time, the only one Kargo knows. */
  readonly duration?: boolean;
}

export type ArtifactKind = 'commit' | 'image' | 'chart';

export interface NumberOptions extends FieldOptions {
  readonly minimum?: number;
  readonly maximum?: number;
}

export interface ListOptions extends FieldOptions {
  readonly minItems?: number;
  readonly maxItems?: number;
}

export interface ObjectOptions extends FieldOptions {
  readonly description?: string;
  readonly minProperties?: number;
  /** Default false: an unknown field is an error. */
  readonly additionalProperties?: boolean;
  readonly allOf?: readonly TSchema[];
}

/** Text. It stays text: no result of an expression turns it into a number. */
export function string(description: string, options: StringOptions = {}): TString {
  const { artifact, duration, ...rest } = options;
  return {
    type: 'string',
    description,
    ...(duration && durationRule),
    ...(artifact && { 'x-artifact': artifact }),
    ...rest,
  } as unknown as TString;
}

/** A whole number. */
export function integer(description: string, options: NumberOptions = {}): TInteger {
  return { type: 'integer', description, ...options } as unknown as TInteger;
}

/** Any number. */
export function number(description: string, options: NumberOptions = {}): TNumber {
  return { type: 'number', description, ...options } as unknown as TNumber;
}

/** True or false. */
export function boolean(description: string, options: FieldOptions = {}): TBoolean {
  return { type: 'boolean', description, ...options } as unknown as TBoolean;
}

/** A list of one kind of item. */
export function list<T extends TSchema>(description: string, items: T, options: ListOptions = {}): TArray<T> {
  return { type: 'array', description, items, ...options } as unknown as TArray<T>;
}

/** One of several words. */
export function oneOf<const V extends readonly string[]>(
  description: string,
  values: V,
  options: FieldOptions = {},
): TUnsafe<V[number]> {
  return { description, enum: [...values], ...options } as unknown as TUnsafe<V[number]>;
}

/** Keys of the user's own choice, all with the same kind of value. */
export function map<T extends TSchema>(
  description: string,
  values: T,
  options: FieldOptions = {},
): TUnsafe<Readonly<Record<string, Static<T>>>> {
  return { type: 'object', description, additionalProperties: values, ...options } as never;
}

/** Any JSON value. */
export function free(description: string, options: FieldOptions = {}): TUnsafe<Json> {
  return { description, ...options } as unknown as TUnsafe<Json>;
}

/**
 * Text, number, boolean or null. What an expression makes of text becomes a number or boolean only if that prints back
 * to the same text: `1.20` stays text.
 */
export function scalar(
  description: string,
  options: FieldOptions = {},
): TUnsafe<string | number | boolean | null> {
  const type = ['string', 'number', 'boolean', 'null'];
  const message = 'must be one value: text, a number, true, false or null';
  return { type, description, 'x-exact': true, 'x-message': message, ...options } as never;
}

/** One of several types, text among them; what an expression makes of text is read as `scalar` does. */
export function exact<const T extends readonly (keyof ExactTypes)[]>(
  description: string,
  types: T,
  options: FieldOptions = {},
): TUnsafe<ExactTypes[T[number]]> {
  const words = listNames(
    types.map((type) => exactWords[type]),
    'or',
  );
  return {
    type: [...types],
    description,
    'x-exact': true,
    'x-message': `must be ${words}`,
    ...options,
  } as never;
}

const exactWords: Readonly<Record<keyof ExactTypes, string>> = {
  string: 'text',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

interface ExactTypes {
  readonly string: string;
  readonly number: number;
  readonly boolean: boolean;
  readonly array: readonly Json[];
  readonly object: JsonObject;
}

/** A field that may be left out. */
export function optional<T extends TSchema>(schema: T): TOptional<T> {
  const marked = { ...schema };
  Object.defineProperty(marked, optionalMark, { value: true });
  return marked as unknown as TOptional<T>;
}

/** An object with these fields and no others. Rules (`atMostOne`, `exactlyOne`) and options come after them. */
export function object<P extends Record<string, TSchema>>(
  properties: P,
  ...options: readonly ObjectOptions[]
): TObject<P> {
  const required = Object.keys(properties).filter((name) => !(optionalMark in properties[name]!));
  const rules = options.flatMap(({ allOf }) => allOf ?? []);
  return {
    type: 'object',
    additionalProperties: false,
    ...Object.assign({}, ...options),
    properties,
    ...(required.length > 0 && { required }),
    ...(rules.length > 0 && { allOf: rules }),
  };
}

/** Of these fields one at most is set. As in Kargo `""`, null and false count as not set. */
export function atMostOne(...names: readonly string[]): ObjectOptions {
  const pairs = names.flatMap((first, index) =>
    names.slice(index + 1).map((second) => bothSet(first, second)),
  );
  return rule(names, `only one of ${listNames(names, 'and')} may be set`, { not: { anyOf: pairs } });
}

/** Of these fields exactly one is set; what counts as set: see `atMostOne`. */
export function exactlyOne(...names: readonly string[]): ObjectOptions {
  const any = { anyOf: names.map((name) => ({ required: [name], properties: { [name]: isSet } })) };
  const missing = rule(names, `one of ${listNames(names, 'or')} must be set`, any);
  return { allOf: [...atMostOne(...names).allOf!, ...missing.allOf!] };
}

/** One of these fields has to be there, be it with nothing in it: an expression may find nothing. */
export function oneThere(...names: readonly string[]): ObjectOptions {
  const any = { anyOf: names.map((name) => ({ required: [name] })) };
  return rule(names, `one of ${listNames(names, 'or')} must be set`, any);
}

/** `a, b and c`. */
export function listNames(names: readonly string[], word: 'and' | 'or'): string {
  return names.length < 2 ? names.join('') : `${names.slice(0, -1).join(', ')} ${word} ${names.at(-1)}`;
}

/** Values that count as not set when fields exclude each other. */
export const unsetValues = ['', null, false] as const;

/** The mark typebox itself uses; not enumerable, so it is no part of the JSON Schema. */
const optionalMark = '~optional';

const durationRule = {
  pattern: '^\\+?(0|(([0-9]+\\.?[0-9]*|\\.[0-9]+)(ns|us|µs|μs|ms|s|m|h))+)$',
  'x-message': 'must be a duration such as 10s or 5m',
};

const isSet = { not: { enum: unsetValues } };

function bothSet(first: string, second: string): object {
  return { type: 'object', required: [first, second], properties: { [first]: isSet, [second]: isSet } };
}

function rule(names: readonly string[], message: string, schema: object): ObjectOptions {
  return { allOf: [{ ...schema, 'x-message': message, 'x-fields': names }] };
}
