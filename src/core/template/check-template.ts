import { suggest } from '../did-you-mean.ts';
import { ExpressionError } from '../expression/errors.ts';
import { compileExpression, parseExpression } from '../expression/expression.ts';
import type { FunctionTable } from '../expression/function.ts';
import { builtins } from '../expression/functions/index.ts';
import { predicates } from '../expression/predicates/index.ts';
import { nodesOf, type Node } from '../expression/tree.ts';
import { stepFunctions } from './functions/index.ts';
import { splitTemplate, type ExpressionSegment } from './split.ts';

/** Something wrong with an expression, offset and length in UTF-16 units of the template. */
export interface TemplateProblem {
  readonly message: string;
  readonly offset: number;
  readonly length: number;
}

/** Everything that is wrong with the expressions of a text, as far as it shows without running them. */
export function checkTemplate(
  text: string,
  functions: FunctionTable = stepFunctions,
): readonly TemplateProblem[] {
  try {
    return splitTemplate(text).flatMap((segment) =>
      typeof segment === 'string' ? [] : checkSegment(segment, functions),
    );
  } catch (error) {
    return [problemOf(error, 0, text)];
  }
}

function checkSegment(segment: ExpressionSegment, functions: FunctionTable): readonly TemplateProblem[] {
  const { expression, start, nested } = segment;
  const inside = [...nested.values()].flatMap((text) => {
    return checkTemplate(text, functions).map(({ message }) => ({
      message,
      offset: start,
      length: expression.length,
    }));
  });
  try {
    compileExpression(expression, functions);
    return [...inside, ...unknownFunctions(parseExpression(expression), start, functions)];
  } catch (error) {
    return [...inside, problemOf(error, start, expression)];
  }
}

function unknownFunctions(tree: Node, start: number, functions: FunctionTable): readonly TemplateProblem[] {
  const nodes = nodesOf(tree);
  const declared = new Set(nodes.flatMap((node) => (node.kind === 'let' ? [node.name] : [])));
  const known = [...functions.keys(), ...builtins.keys(), ...predicates.keys()];
  return nodes.flatMap((node) => {
    if (node.kind !== 'call' || node.callee.kind !== 'name') return [];
    const { name, start: at } = node.callee;
    if (functions.has(name) || declared.has(name)) return [];
    return [
      {
        message: `there is no function ${name}${suggest(name, known)}`,
        offset: start + at,
        length: name.length,
      },
    ];
  });
}

function problemOf(error: unknown, start: number, text: string): TemplateProblem {
  if (!(error instanceof ExpressionError)) throw error;
  const offset = Math.min(error.offset ?? 0, text.length);
  return { message: error.message, offset: start + offset, length: wordAt(text, offset).length || 1 };
}

/** The name, number, opener or sign that stands somewhere in a text. */
function wordAt(text: string, offset: number): string {
  return /^(\$\{[{%]|[\w$]+|\S)?/.exec(text.slice(offset))![0];
}
