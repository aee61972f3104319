const binary: ReadonlyMap<string, number> = new Map([
  ['|', 0],
  ['or', 10],
  ['||', 10],
  ['and', 15],
  ['&&', 15],
  ...'== != < > <= >= in matches contains startsWith endsWith'.split(' ').map((sign) => [sign, 20] as const),
  ['..', 25],
  ['+', 30],
  ['-', 30],
  ['*', 60],
  ['/', 60],
  ['%', 60],
  ['**', 100],
  ['^', 100],
  ['??', 500],
]);

/** How tightly a binary operator binds; undefined when there is none of that name. */
export function precedenceOf(operator: string): number | undefined {
  return binary.get(operator);
}

/** How tightly a unary operator binds. */
export const unary: ReadonlyMap<string, number> = new Map([
  ['not', 50],
  ['!', 50],
  ['-', 90],
  ['+', 90],
]);

/** Operators that chain as in mathematics. */
export const comparisons: ReadonlySet<string> = new Set(['<', '>', '<=', '>=']);

/** Operators that may be written with `not` before them. */
export const negatable: ReadonlySet<string> = new Set([
  'in',
  'matches',
  'contains',
  'startsWith',
  'endsWith',
]);
