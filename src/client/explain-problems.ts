import type { DefinitionFile } from '../core/definitions/read-definitions.ts';
import { errorsOf, formatProblem, warningsOf, type Problem } from '../core/problem.ts';
import { drawCodeFrame } from './code-frame.ts';

/**
 * Problems for people: each in one line as everywhere, below it the user's own lines where they are at hand. Ends
 * without a line break.
 */
export function explainProblems(problems: readonly Problem[], files: readonly DefinitionFile[]): string {
  const texts = new Map(files.map(({ name, text }) => [name, text]));
  return problems.map((problem) => explainProblem(problem, texts)).join('\n\n');
}

/** `2 problems, 1 warning`; warnings only when there are any. */
export function countProblems(problems: readonly Problem[]): string {
  const errors = errorsOf(problems).length;
  const warnings = warningsOf(problems).length;
  return warnings > 0
    ? `${count(errors, 'problem')}, ${count(warnings, 'warning')}`
    : count(errors, 'problem');
}

/** `1 file`, `2 files`. */
export function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? '' : 's'}`;
}

function explainProblem(problem: Problem, texts: ReadonlyMap<string, string>): string {
  const { source, line, column = 1, length } = problem.place;
  const text = source === undefined ? undefined : texts.get(source);
  if (text === undefined || line === undefined || problem.severity === 'note') return formatProblem(problem);
  const frame = drawCodeFrame(text, { line, column, ...(length !== undefined && { length }) });
  return [formatProblem(problem), frame].filter(Boolean).join('\n');
}
