import type { Items } from '../access.ts';
import type { Budget } from '../budget.ts';
import type { Nature } from '../nature.ts';
import type { Value } from '../values.ts';

/** A walk through a list with an expression for its items. */
export interface Loop {
  readonly items: Items;
  readonly budget: Budget;
  /** The expression at an item; the item itself where there is no expression. */
  readonly evaluate: (index: number, accumulator?: Value) => Value;
  /** The same, which has to be true or false. */
  readonly test: (index: number) => boolean;
  /** What is made of an item that was found. */
  readonly take: (index: number) => Value;
  /** Third argument. */
  readonly extra: Value | undefined;
  /** Finding nothing is an error. */
  readonly throws: boolean;
  /** The count that is enough. */
  readonly threshold: bigint | undefined;
}

/** A builtin whose second argument is evaluated for each item of the first. */
export interface PredicateDeclaration {
  readonly name: string;
  readonly summary: string;
  readonly example: string;
  readonly isPredicateOptional?: boolean;
  /** The expression has to be true or false. */
  readonly isCondition?: boolean;
  /** What the third argument is called, if there can be one. */
  readonly extra?: string;
  /** Names behind `#` that the expression may use. */
  readonly pointers?: readonly ('index' | 'acc')[];
  readonly result: (items: Nature, predicate: Nature | undefined) => Nature;
  readonly call: (loop: Loop) => Value;
}

export function definePredicate(declaration: PredicateDeclaration): PredicateDeclaration {
  return declaration;
}

/** Index of the first item that passes, -1 if none does. */
export function findFirst({ items, test }: Loop): number {
  for (let index = 0; index < items.length; index++) if (test(index)) return index;
  return -1;
}

/** Index of the last item that passes, -1 if none does. */
export function findLast({ items, test }: Loop): number {
  let index = items.length - 1;
  while (index >= 0 && !test(index)) index--;
  return index;
}
