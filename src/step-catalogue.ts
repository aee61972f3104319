import { createCatalogue } from './activities/catalogue.ts';
import { steps } from './activities/steps/index.ts';
import type { StepCatalogue } from './core/promotion/catalogue.ts';

/** The steps of this version, for those who check definitions and run nothing. */
export const stepCatalogue: StepCatalogue = createCatalogue(steps);

/** The same with the steps that modules of the user's own export. InvalidInput when one cannot be used. */
export async function extendCatalogue(modules: readonly string[]): Promise<StepCatalogue> {
  if (modules.length === 0) return stepCatalogue;
  const { loadOwnSteps } = await import('./own-steps.ts');
  return createCatalogue([...steps, ...(await loadOwnSteps(modules))]);
}
