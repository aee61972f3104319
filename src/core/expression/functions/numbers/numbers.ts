import { findItems } from '../../access.ts';
import { numberOf } from '../../arithmetic.ts';
import type { Budget } from '../../budget.ts';
import { fail } from '../../errors.ts';
import { explainNature, isArray, isNumber, isUnknown, natures, type Nature } from '../../nature.ts';
import { List, maximumDepth, typeName, type Value } from '../../values.ts';

/** Types of arguments that are numbers or lists: the first one's, unless a list or the unknown comes first. */
export function checkNumbers(args: readonly Nature[]): Nature | string {
  for (const nature of args) {
    if (isUnknown(nature) || isArray(nature)) return natures.unknown;
    if (!isNumber(nature)) return `a number is wanted but ${explainNature(nature)} is given`;
  }
  return args[0]!;
}

/** The argument that wins against all others, as it is. A lone argument that is no number comes back unchanged. */
export function findExtreme(
  name: string,
  args: readonly Value[],
  budget: Budget,
  wins: (one: number | bigint, other: number | bigint) => boolean,
): Value {
  let best: Value = null;
  let size: number | bigint | undefined;
  for (const value of flatten(name, args, budget)) {
    const number = numberOf(value);
    if (number === undefined) {
      return args.length === 1 && value === args[0]
        ? value
        : fail(`${name} wants numbers, not ${typeName(value)}`);
    }
    if (size === undefined || wins(number, size)) [best, size] = [value, number];
  }
  return best;
}

/** All numbers of arguments and lists in them. */
export function collectNumbers(name: string, args: readonly Value[], budget: Budget): readonly number[] {
  return flatten(name, args, budget).map((value) => {
    return Number(numberOf(value) ?? fail(`${name} wants numbers, not ${typeName(value)}`));
  });
}

function flatten(name: string, values: readonly Value[], budget: Budget): readonly Value[] {
  const flat: Value[] = [];
  const collect = (value: Value, depth: number) => {
    if (depth > maximumDepth) fail(`${name}: the list is nested too deeply`);
    budget.spend(4);
    const items = value instanceof List || value instanceof Uint8Array ? findItems(value) : undefined;
    if (!items) flat.push(value);
    else for (let index = 0; index < items.length; index++) collect(items.at(index), depth + 1);
  };
  for (const value of values) collect(value, 0);
  return flat;
}
