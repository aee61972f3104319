import { natures, type Nature } from '../nature.ts';
import { Dict, List, type Value } from '../values.ts';

/** The nature of a value that is there already. */
export function natureOf(value: Value): Nature {
  if (value === null) return natures.nil;
  if (typeof value === 'boolean') return natures.bool;
  if (typeof value === 'bigint') return natures.int;
  if (typeof value === 'number') return natures.float;
  if (typeof value === 'string') return natures.string;
  if (value instanceof Uint8Array) return natures.bytes;
  if (value instanceof List) return natures.array;
  return value instanceof Dict ? natures.map : natures.unknown;
}
