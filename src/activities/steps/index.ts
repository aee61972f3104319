import type { StepDefinition } from '../define-step.ts';
import { composeOutput } from './compose-output.ts';
import { fail } from './fail.ts';

/** Every kind of step a worker can run, by name. */
export const steps: readonly StepDefinition[] = [composeOutput, fail];
