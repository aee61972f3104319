import { all } from './all.ts';
import { any } from './any.ts';
import { count } from './count.ts';
import { filter } from './filter.ts';
import { find } from './find.ts';
import { findIndex } from './find-index.ts';
import { findLast } from './find-last.ts';
import { findLastIndex } from './find-last-index.ts';
import { groupBy } from './group-by.ts';
import { map } from './map.ts';
import { none } from './none.ts';
import { one } from './one.ts';
import type { PredicateDeclaration } from './predicate.ts';
import { reduce } from './reduce.ts';
import { sortBy } from './sort-by.ts';
import { sum } from './sum.ts';

const list = [
  all,
  any,
  count,
  filter,
  find,
  findIndex,
  findLast,
  findLastIndex,
  groupBy,
  map,
  none,
  one,
  reduce,
  sortBy,
  sum,
];

/** The builtins that take a predicate. */
export const predicates: ReadonlyMap<string, PredicateDeclaration> = new Map(
  list.map((declaration) => [declaration.name, declaration]),
);
