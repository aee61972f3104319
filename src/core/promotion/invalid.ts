import { formatProblem, errorsOf, type Problem } from '../problem.ts';

/** Every problem of a promotion that cannot start, in one text: clients show nothing but the message. */
export function explainInvalid(problems: readonly Problem[]): string {
  const errors = errorsOf(problems);
  const shown = errors.slice(0, maximumShown).map((problem) => `  - ${formatProblem(problem)}`);
  const rest = errors.length - shown.length;
  if (rest > 0) shown.push(`  - and ${rest} more`);
  const count = errors.length === 1 ? '1 problem' : `${errors.length} problems`;
  return [`Invalid promotion: ${count}:`, ...shown].join('\n');
}

/** Keeps the message readable, and far from the limits of a failure. */
const maximumShown = 50;
