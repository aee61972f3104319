import type { NativeType } from './values.ts';

/** What is known of a value before it exists. */
export interface Nature {
  readonly kind:
    | 'unknown'
    | 'nil'
    | 'bool'
    | 'int'
    | 'float'
    | 'string'
    | 'bytes'
    | 'array'
    | 'map'
    | 'anymap'
    | 'function'
    | 'time'
    | 'duration'
    | 'native';
  /** Of lists and maps: what their elements are. */
  readonly of?: Nature;
  /** Types of their own, and integers of another width, by name. */
  readonly native?: NativeType;
}

export const natures = {
  unknown: { kind: 'unknown' },
  nil: { kind: 'nil' },
  bool: { kind: 'bool' },
  int: { kind: 'int' },
  float: { kind: 'float' },
  string: { kind: 'string' },
  bytes: { kind: 'bytes' },
  array: { kind: 'array' },
  map: { kind: 'map' },
  texts: { kind: 'map', of: { kind: 'string' } },
  anymap: { kind: 'anymap' },
  function: { kind: 'function' },
  int64: { kind: 'int', native: { name: 'int64' } },
  uint8: { kind: 'int', native: { name: 'uint8' } },
  uint64: { kind: 'int', native: { name: 'uint64' } },
} as const satisfies Record<string, Nature>;

/** A list of such elements. */
export function arrayOf(of: Nature): Nature {
  return { kind: 'array', of };
}

export function elementOf(nature: Nature): Nature {
  if (nature.kind === 'bytes') return natures.uint8;
  return nature.of ?? natures.unknown;
}

export function isUnknown(nature: Nature): boolean {
  return nature.kind === 'unknown';
}

export function isNumber(nature: Nature): boolean {
  return nature.kind === 'int' || nature.kind === 'float';
}

export function isArray(nature: Nature): boolean {
  return nature.kind === 'array' || nature.kind === 'bytes';
}

/** A plain whole number or text, which equality treats without looking at the value. */
export function isPlain(nature: Nature | undefined, kind: 'int' | 'string'): boolean {
  return nature?.kind === kind && nature.native === undefined;
}

/** Whether two natures are the same type. */
export function isSame(one: Nature, other: Nature): boolean {
  if (one.kind !== other.kind || one.native?.name !== other.native?.name) return false;
  if (one.of === undefined && other.of === undefined) return true;
  return isSame(elementOf(one), elementOf(other));
}

/** The name of a type, for messages. */
export function explainNature(nature: Nature): string {
  if (nature.native) return nature.native.name;
  if (nature.kind === 'array' && nature.of && !isUnknown(nature.of))
    return `array of ${explainNature(nature.of)}`;
  return nature.kind === 'anymap' ? 'map' : nature.kind;
}
