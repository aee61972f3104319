import { isArray, isNumber, type Nature } from './nature.ts';
import { AnyDict, Dict, Integer, List, type Native, type NativeType, type Value } from './values.ts';

/** One parameter of a function: `take` gives the argument as the function wants it, undefined if it does not fit. */
export interface Parameter<T> {
  readonly label: string;
  readonly type: string;
  readonly accepts: (nature: Nature) => boolean;
  readonly take: (value: Value) => T | undefined;
  readonly isOptional?: boolean;
  readonly isRest?: boolean;
}

/** Anything, nil included. */
export function any(label: string): Parameter<Value> {
  return { label, type: 'anything', accepts: () => true, take: (value) => value };
}

export function text(label: string): Parameter<string> {
  return {
    label,
    type: 'a text',
    accepts: ({ kind, native }) => kind === 'string' && native === undefined,
    take: (value) => (typeof value === 'string' ? value : undefined),
  };
}

/** A whole number; fractions that are not known before they come are cut. */
export function whole(label: string): Parameter<number> {
  return {
    label,
    type: 'a whole number',
    accepts: ({ kind }) => kind === 'int',
    take: (value) => {
      const number = typeof value === 'number' ? Math.trunc(value) : wholeOf(value);
      return number === undefined || Number.isNaN(number) ? undefined : Number(number);
    },
  };
}

/** A whole number; fractions are refused even when they are whole. */
export function integer(label: string): Parameter<bigint> {
  return { label, type: 'a whole number (use int())', accepts: ({ kind }) => kind === 'int', take: wholeOf };
}

export function number(label: string): Parameter<bigint | number> {
  return {
    label,
    type: 'a number',
    accepts: isNumber,
    take: (value) => (typeof value === 'number' ? value : wholeOf(value)),
  };
}

/** A list; bytes are lists of small numbers. */
export function list(label: string): Parameter<List> {
  return {
    label,
    type: 'a list',
    accepts: isArray,
    take: (value) => {
      if (value instanceof Uint8Array)
        return new List([...value].map((byte) => new Integer('uint8', BigInt(byte))));
      return value instanceof List ? value : undefined;
    },
  };
}

export function map(label: string): Parameter<Dict | AnyDict> {
  return {
    label,
    type: 'a map',
    accepts: ({ kind }) => kind === 'map' || kind === 'anymap',
    take: (value) => (value instanceof Dict || value instanceof AnyDict ? value : undefined),
  };
}

/** A native value of one class. */
export function native<T extends Native>(
  label: string,
  kind: abstract new (...args: never[]) => T,
  type: NativeType | 'time' | 'duration',
): Parameter<T> {
  const name = typeof type === 'string' ? `a ${type}` : type.name;
  return {
    label,
    type: name,
    accepts: (nature) => nature.kind === type || nature.native === type,
    take: (value) => (value instanceof kind ? value : undefined),
  };
}

export function optional<T>(parameter: Parameter<T>): Parameter<T | undefined> {
  return { ...parameter, isOptional: true };
}

/** Any number of arguments of the same kind, from here on: the function destructures them as a rest. */
export function rest<T>(parameter: Parameter<T>): Parameter<T> {
  return { ...parameter, isRest: true };
}

/** `text "separator"`, for messages. */
export function explainParameter({ type, label }: Parameter<unknown>): string {
  return `${type} as ${label}`;
}

/** The whole number of a value that is one, whatever its width. */
export function wholeOf(value: Value): bigint | undefined {
  if (typeof value === 'bigint') return value;
  return value instanceof Integer ? value.value : undefined;
}
