import type { Problem } from '../../problem.ts';
import type { InflatedStep } from '../inflate.ts';
import { taskOf } from '../outputs.ts';
import type { SourceStep } from '../parse-steps.ts';

/** Steps behind a `fail` that always fails the promotion: the first of them, with the number of the others. */
export function findUnreachable(steps: readonly InflatedStep[]): readonly Problem[] {
  const at = steps.findIndex(({ source }) => alwaysFails(source));
  const failing = steps[at];
  if (!failing) return [];
  const task = taskOf(failing);
  const [first, ...others] = steps
    .slice(at + 1)
    // A condition may be `failure()`; what follows inside a task is reported with the task.
    .filter((step) => step.source.if === undefined && (!task || taskOf(step) !== task));
  if (!first) return [];
  const more = others.length > 0 ? ` and ${others.length} more` : '';
  return [
    {
      message: `step "${first.alias}"${more} will never run: step "${failing.alias}" before it always fails; give the fail step an "if"`,
      place: first.source.locate(first.source.path),
    },
  ];
}

function alwaysFails({ uses, if: condition, continueOnError }: SourceStep): boolean {
  return uses === 'fail' && condition === undefined && !continueOnError;
}
