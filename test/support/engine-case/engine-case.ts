import type { Json, JsonObject } from '../../../src/core/json.ts';

type Texts = Readonly<Record<string, string>>;
type ByName<T> = Readonly<Record<string, T>>;

/** A recorded promotion: a step list, the world around it, and what Kargo's own engine made of it. */
export interface EngineCase {
  readonly id: string;
  readonly why: string;
  readonly promotion: CasePromotion;
  readonly tasks: readonly JsonObject[];
  /** Results of the attempts of scripted steps, by full alias; the last one repeats. */
  readonly scripted: ByName<readonly ScriptedResult[]>;
  /** Answers by `METHOD path?query`; the last one repeats. */
  readonly http?: ByName<readonly ScriptedAnswer[]>;
  readonly events?: readonly CaseEvent[];
  readonly maxPolls?: number;
  /** Files to compare at the end. */
  readonly show?: readonly string[];
  readonly expect: Expectation;
}

export interface CasePromotion {
  readonly project: string;
  readonly stage: string;
  readonly name: string;
  readonly uiBaseURL: string;
  /** With its prefix, such as `email:`. */
  readonly actor?: string;
  readonly rollback?: boolean;
  /** All there is; `targetFreight` names the promoted one. */
  readonly freight: readonly JsonObject[];
  readonly targetFreight: string;
  /** Names of Freight that the Stage held before. */
  readonly inherited?: readonly string[];
  readonly warehouses: readonly { readonly name: string; readonly subscriptions: Json }[];
  readonly requestedFreight?: readonly string[];
  readonly stageVars?: Json;
  readonly vars: Json;
  readonly steps: readonly JsonObject[];
  readonly configMaps?: ByName<Texts>;
  readonly secrets?: ByName<Texts>;
  readonly sharedConfigMaps?: ByName<Texts>;
  readonly sharedSecrets?: ByName<Texts>;
  readonly stageMetadata?: ByName<JsonObject>;
  readonly freightMetadata?: ByName<JsonObject>;
  readonly files?: Texts;
}

export interface ScriptedResult {
  readonly status?: string;
  readonly message?: string;
  readonly output?: JsonObject;
  readonly error?: string;
  readonly terminal?: boolean;
  readonly panic?: string;
  readonly retryAfter?: string;
  readonly healthCheck?: JsonObject;
  readonly echoState?: boolean;
}

export interface ScriptedAnswer {
  readonly status?: number;
  readonly headers?: Texts;
  readonly body?: Json;
}

/** What happens before look number `before`, 1 for the first. */
export interface CaseEvent {
  readonly before: number;
  readonly advance?: string;
  readonly abort?: string | { readonly action: string; readonly actor?: string };
  readonly loseWorkspace?: boolean;
  readonly revokeFreight?: boolean;
  readonly deleteFreight?: boolean;
  readonly notCurrent?: boolean;
  readonly current?: boolean;
  readonly shutdown?: boolean;
}

export interface Expectation {
  readonly phase: string;
  readonly message?: string;
  readonly currentStep?: number;
  readonly rejected?: readonly JsonObject[];
  readonly inflated?: readonly JsonObject[];
  readonly steps?: readonly ExpectedStep[];
  readonly state?: JsonObject;
  readonly healthChecks?: Json;
  readonly files?: Json;
}

export interface ExpectedStep {
  readonly alias: string;
  readonly status: string;
  readonly message?: string;
  readonly errorCount?: number;
  readonly continueOnError?: boolean;
  readonly started?: boolean;
  readonly finished?: boolean;
  readonly runs?: number;
  readonly config?: Json;
}

/** Tells such a record from others by its keys. */
export function isEngineCase(record: unknown): record is EngineCase {
  return ['promotion', 'scripted', 'expect'].every((key) => Object.hasOwn(record as object, key));
}

/** The kinds of steps a case uses, in its tasks too. */
export function kindsOf({ promotion, tasks }: EngineCase): ReadonlySet<string> {
  const inTasks = tasks.flatMap(({ spec }) => (spec as { steps?: readonly JsonObject[] })?.steps ?? []);
  const kinds = [...promotion.steps, ...inTasks].map(({ uses }) => uses);
  return new Set(kinds.filter((kind): kind is string => typeof kind === 'string'));
}
