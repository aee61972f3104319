import { createFunctionTable, type FunctionDeclaration, type FunctionTable } from '../function.ts';
import { bitand } from './bits/bitand.ts';
import { bitnand } from './bits/bitnand.ts';
import { bitnot } from './bits/bitnot.ts';
import { bitor } from './bits/bitor.ts';
import { bitshl } from './bits/bitshl.ts';
import { bitshr } from './bits/bitshr.ts';
import { bitushr } from './bits/bitushr.ts';
import { bitxor } from './bits/bitxor.ts';
import { toFloat } from './conversion/float.ts';
import { fromBase64 } from './conversion/from-base64.ts';
import { fromJSON } from './conversion/from-json.ts';
import { toInt } from './conversion/int.ts';
import { toText } from './conversion/string.ts';
import { toBase64 } from './conversion/to-base64.ts';
import { toJSON } from './conversion/to-json.ts';
import { typeOf } from './conversion/type.ts';
import { concat } from './lists/concat.ts';
import { first } from './lists/first.ts';
import { flatten } from './lists/flatten.ts';
import { get } from './lists/get.ts';
import { last } from './lists/last.ts';
import { len } from './lists/len.ts';
import { reverse } from './lists/reverse.ts';
import { sort } from './lists/sort.ts';
import { take } from './lists/take.ts';
import { uniq } from './lists/uniq.ts';
import { fromPairs } from './maps/from-pairs.ts';
import { keys } from './maps/keys.ts';
import { toPairs } from './maps/to-pairs.ts';
import { values } from './maps/values.ts';
import { abs } from './numbers/abs.ts';
import { ceil } from './numbers/ceil.ts';
import { floor } from './numbers/floor.ts';
import { max } from './numbers/max.ts';
import { mean } from './numbers/mean.ts';
import { median } from './numbers/median.ts';
import { min } from './numbers/min.ts';
import { round } from './numbers/round.ts';
import { hasPrefix } from './strings/has-prefix.ts';
import { hasSuffix } from './strings/has-suffix.ts';
import { indexOf } from './strings/index-of.ts';
import { join } from './strings/join.ts';
import { lastIndexOf } from './strings/last-index-of.ts';
import { lower } from './strings/lower.ts';
import { repeat } from './strings/repeat.ts';
import { replace } from './strings/replace.ts';
import { splitAfter } from './strings/split-after.ts';
import { split } from './strings/split.ts';
import { trimPrefix } from './strings/trim-prefix.ts';
import { trimSuffix } from './strings/trim-suffix.ts';
import { trim } from './strings/trim.ts';
import { upper } from './strings/upper.ts';
import { date } from './time/date.ts';
import { duration } from './time/duration.ts';
import { now } from './time/now.ts';
import { timezone } from './time/timezone.ts';

/** The functions that expressions always have, those with a predicate aside, by what they work on. */
export const builtinGroups = {
  strings: [
    hasPrefix,
    hasSuffix,
    indexOf,
    join,
    lastIndexOf,
    lower,
    repeat,
    replace,
    splitAfter,
    split,
    trimPrefix,
    trimSuffix,
    trim,
    upper,
  ],
  lists: [concat, first, flatten, get, last, len, reverse, sort, take, uniq],
  maps: [fromPairs, keys, toPairs, values],
  numbers: [abs, ceil, floor, max, mean, median, min, round],
  conversion: [toFloat, fromBase64, fromJSON, toInt, toText, toBase64, toJSON, typeOf],
  time: [date, duration, now, timezone],
  bits: [bitand, bitnand, bitnot, bitor, bitshl, bitshr, bitushr, bitxor],
} as const satisfies Readonly<Record<string, readonly FunctionDeclaration[]>>;

/** All of them by name. */
export const builtins: FunctionTable = createFunctionTable(Object.values(builtinGroups).flat());
