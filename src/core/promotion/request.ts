import type { JsonObject } from '../json.ts';
import type { Variable } from './plan.ts';

/** The one argument of workflow `promotion`, as `parseRequest` found it well-formed. Absent lists are empty. */
export interface PromotionRequest {
  readonly project: string;
  readonly stage: string;
  /** A name or alias, `current`, `latest` or `previous`, or whole Freight objects (the first is the target). */
  readonly freight: string | readonly JsonObject[];
  readonly actor?: string;
  readonly vars: readonly Variable[];
  /** Inline steps; absent = those of the Stage. */
  readonly steps?: readonly JsonObject[];
  /** Manifests sent along; absent = the worker's own source. */
  readonly definitions?: readonly JsonObject[];
  readonly onFailure: 'fail' | 'hold';
  /** Limit of the whole promotion in milliseconds. */
  readonly timeout?: number;
}
