import type { Problem } from '../problem.ts';
import type { StepCatalogue } from './catalogue.ts';
import type { InflatedStep } from './inflate.ts';

/** Refuses steps that need the word of a worker's operator and do not have it. `allowed` absent = nobody is asked. */
export function checkGuarded(
  steps: readonly InflatedStep[],
  catalogue: StepCatalogue,
  allowed: readonly string[] | undefined,
): readonly Problem[] {
  if (!allowed) return [];
  return steps.flatMap(({ source, alias }) => {
    const kind = catalogue.get(source.uses ?? '');
    if (!kind?.isGuarded || allowed.includes(kind.kind)) return [];
    return [
      {
        message: `step "${alias}" (${kind.kind}): ${explainGuarded(kind.kind)}`,
        place: source.locate([...source.path, 'uses']),
      },
    ];
  });
}

/** Why a worker refuses a kind of step, and who can change that. */
export function explainGuarded(kind: string): string {
  return `this worker does not run steps of this kind; its operator allows them with --allow-step ${kind}, or in gantry.yaml with allowSteps: [${kind}]`;
}
