import { check } from './checker/check.ts';
import { ExpressionError } from './errors.ts';
import { evaluate } from './evaluate.ts';
import type { Environment, FunctionTable } from './function.ts';
import { optimize } from './optimizer/optimize.ts';
import { parse } from './parser.ts';
import type { Node } from './tree.ts';
import type { Value } from './values.ts';

export { ExpressionError } from './errors.ts';
export type { Environment } from './function.ts';
export type { Value } from './values.ts';

const maximumKept = 500;
const parsed = new Map<string, Node>();
const compiled = new WeakMap<FunctionTable, Map<string, Node>>();

/** The tree of an expression, positions kept. Throws an ExpressionError of stage `compile`. */
export function parseExpression(text: string): Node {
  return keep(parsed, text, () => withinStack(() => parse(text)));
}

/** Checks an expression without running it. Throws an ExpressionError of stage `compile`. */
export function compileExpression(text: string, functions: FunctionTable): Node {
  let table = compiled.get(functions);
  if (!table) compiled.set(functions, (table = new Map<string, Node>()));
  return keep(table, text, () => {
    return withinStack(() => {
      const tree = parse(text);
      check(tree, functions);
      return optimize(tree);
    });
  });
}

/** The value of an expression. Throws an ExpressionError: `compile` for its text, `run` for what it meets. */
export function evaluateExpression(text: string, environment: Environment): Value {
  return evaluate(compileExpression(text, environment.functions), environment);
}

/** A stack that is too small for the nesting that is allowed is a fault of the expression. */
function withinStack<T>(work: () => T): T {
  try {
    return work();
  } catch (error) {
    if (error instanceof RangeError)
      throw new ExpressionError('compile', 'the expression is nested too deeply', 0);
    throw error;
  }
}

function keep(table: Map<string, Node>, text: string, make: () => Node): Node {
  const known = table.get(text);
  if (known) return known;
  const tree = make();
  if (table.size >= maximumKept) table.clear();
  table.set(text, tree);
  return tree;
}
