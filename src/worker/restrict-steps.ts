import type { StepDefinition } from '../activities/define-step.ts';
import { InvalidInput } from '../client/errors.ts';
import { suggest } from '../core/did-you-mean.ts';
import { TerminalError } from '../core/errors.ts';
import { explainGuarded } from '../core/promotion/check-guarded.ts';

/**
 * The steps as this worker runs them: those that need its operator's word, and do not have it, refuse. A promotion may
 * have been planned by a worker that takes them.
 */
export function restrictSteps(
  steps: readonly StepDefinition[],
  allowed: readonly string[],
): readonly StepDefinition[] {
  return steps.map((step) => {
    if (!step.isGuarded || allowed.includes(step.kind)) return step;
    return { ...step, run: () => Promise.reject(new TerminalError(explainGuarded(step.kind))) };
  });
}

/** Throws an InvalidInput that names every allowed step of which there is none to allow. */
export function checkAllowed(steps: readonly StepDefinition[], allowed: readonly string[]): void {
  const known = steps.filter(({ isGuarded }) => isGuarded).map(({ kind }) => kind);
  const wrong = allowed.filter((kind) => !known.includes(kind));
  if (wrong.length === 0) return;
  const lines = wrong.map((kind) => `${JSON.stringify(kind)}${suggest(kind, known)}`);
  throw new InvalidInput(
    `allowSteps names what needs no word of yours: ${lines.join(', ')}; it can name ${known.join(', ')}`,
  );
}
