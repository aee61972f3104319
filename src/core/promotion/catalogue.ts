import type { JsonObject, JsonPath } from '../json.ts';
import type { StepTraits } from './plan.ts';

/** What the planner knows of a kind of step; made from its declaration, so `core` needs no step file. */
export interface StepKind extends StepTraits {
  readonly kind: string;
  readonly summary: string;
  /** Binaries it cannot do without. */
  readonly tools: readonly string[];
  /** Only a worker whose operator says so takes it. */
  readonly isGuarded?: true;
  /** Limit when the user sets none, in milliseconds. */
  readonly timeout?: number;
  /** Errors in a row that end it when the user says nothing; 1 when absent. */
  readonly errorThreshold?: number;
  /** What it takes from another step where its config does not say it. */
  readonly inherits?: Inheritance;
  /** What the config changes about the traits. */
  readonly traits?: TraitsOf;
  /** What is wrong with a config as written; strings with expressions fit everywhere. */
  check(config: JsonObject): readonly ConfigProblem[];
}

/** Traits that depend on how a step is used: its config as written, and how many errors in a row it may have. */
export type TraitsOf = (
  config: JsonObject,
  retry: { readonly errorThreshold: number },
) => Partial<Pick<StepTraits, 'place' | 'repeatable'>>;

/** Fields that a step takes over, as written, from the only step of a kind before it. */
export interface Inheritance {
  readonly kind: string;
  readonly fields: readonly string[];
  /** The one it cannot do without. */
  readonly required: string;
}

export interface ConfigProblem {
  /** From the config's root. */
  readonly path: JsonPath;
  readonly message: string;
  /** Default: error. */
  readonly severity?: 'warning';
}

/** The kinds a worker can run. */
export type StepCatalogue = ReadonlyMap<string, StepKind>;
