import { createCatalogue } from './activities/catalogue.ts';
import { steps } from './activities/steps/index.ts';
import type { StepCatalogue } from './core/promotion/catalogue.ts';

/** The steps of this version, for those who check definitions and run nothing. */
export const stepCatalogue: StepCatalogue = createCatalogue(steps);
