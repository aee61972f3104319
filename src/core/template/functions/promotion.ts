import { fail } from '../../expression/errors.ts';
import type { CallContext, Environment } from '../../expression/function.ts';
import type { JsonObject } from '../../json.ts';
import type { Scope } from '../../promotion/step-run.ts';

type Texts = Readonly<Record<string, string>>;

/** What expressions can read from outside the promotion. Undefined = it does not exist; a failure throws LookupFailed. */
export interface Lookups {
  /** The texts of any Secret of the project. */
  secret(name: string): Texts | undefined;
  /** Of the shared resources: generic credentials only. */
  sharedSecret(name: string): Texts | undefined;
  configMap(name: string): Texts | undefined;
  sharedConfigMap(name: string): Texts | undefined;
  /** What `set-metadata` left on Freight. */
  freightMetadata(name: string): JsonObject | undefined;
  freightStatus(name: string): JsonObject | undefined;
  stageMetadata(name: string): JsonObject | undefined;
  /** In words, where Secrets and ConfigMaps are looked for: those of the project, or those of all. */
  readonly place?: (isOfAll: boolean) => string;
  /** Learns what an expression asked for in vain; Kargo makes it empty. */
  readonly tellMissing?: (message: string) => void;
}

/** An environment that belongs to a step of a promotion. */
export interface PromotionEnvironment extends Environment {
  readonly scope: Scope;
  readonly lookups?: Lookups;
}

/** The promotion that a function is called in. */
export function scopeOf({ environment }: CallContext): Scope {
  return (environment as PromotionEnvironment).scope ?? fail('there is no promotion here');
}

/** The look-ups a function needs. */
export function lookupsOf({ environment }: CallContext, name: string): Lookups {
  return (environment as PromotionEnvironment).lookups ?? fail(`${name} cannot be looked up here`);
}

/** A name that is not empty. */
export function requireName(name: string, what: string): string {
  return name === '' ? fail(`${what} wants a name that is not empty`) : name;
}
