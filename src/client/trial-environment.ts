import { openTimeZones } from '../providers/time-zones/time-zones.ts';
import { Dict, fromJson, type Value } from '../core/expression/values.ts';
import type { Freight } from '../core/freight/freight.ts';
import { parseFreight } from '../core/freight/parse-freight.ts';
import { isObject, type Json, type JsonObject } from '../core/json.ts';
import { errorsOf, formatProblem } from '../core/problem.ts';
import type { Scope, ScopeRecord } from '../core/promotion/step-run.ts';
import { stepFunctions } from '../core/template/functions/index.ts';
import type { Lookups, PromotionEnvironment } from '../core/template/functions/promotion.ts';
import { InvalidInput } from './errors.ts';

/** An environment to try an expression in: its names are those of the context, as if a step were under way. */
export function createTrialEnvironment(context: Json, now: Date): PromotionEnvironment {
  if (!isObject(context ?? {})) throw new InvalidInput('--context: a map of names is wanted');
  const { freight, ...given } = (context ?? {}) as JsonObject;
  const names: JsonObject = { ctx: {}, vars: {}, outputs: {}, ...given };
  const { vars } = names;
  // A var can be named alone, but never hides what the environment has.
  const all = Object.entries({ ...(isObject(vars) ? vars : {}), ...names });
  const values = new Map(all.map(([name, value]): [string, Value] => [name, fromJson(value)]));
  return {
    values: new Dict(values),
    functions: stepFunctions,
    clock: now.toISOString(),
    zones: openTimeZones(),
    scope: createScope(names, readFreight(freight), now),
    lookups: createLookups(names),
  };
}

function readFreight(given: Json | undefined): Freight {
  if (given === undefined) return { ...empty, name: 'none', alias: 'none' };
  if (!isObject(given)) throw new InvalidInput('--context: freight: a map is wanted, as in a manifest');
  const { freight, problems } = parseFreight(given, (path) => ({ source: 'freight', path }));
  if (!freight) throw new InvalidInput(errorsOf(problems).map(formatProblem).join('\n'));
  return freight;
}

const empty = { commits: [], images: [], charts: [], artifacts: [] };

function createScope(names: JsonObject, freight: Freight, now: Date): Scope {
  const startedAt = now.toISOString();
  const records = Object.entries(isObject(names['stepMetas']) ? names['stepMetas'] : {});
  return {
    identity: { name: '', project: '', stage: '', workflowId: '', firstRunId: '', startedAt },
    alias: '',
    promotionVars: [],
    stepVars: [],
    outputs: {},
    records: records.map(([alias, record]) => toRecord(alias, record)),
    freight: {
      target: freight,
      collection: [freight],
      origins: freight.origin ? [freight.origin] : [],
      warehouses: [],
    },
    startedAt,
  };
}

function toRecord(alias: string, record: Json): ScopeRecord {
  const { Status = '', ContinueOnError = false } = isObject(record) ? record : {};
  return {
    alias,
    status: Status as ScopeRecord['status'],
    continueOnError: ContinueOnError === true,
    errorCount: 0,
  };
}

function createLookups(names: JsonObject): Lookups {
  const below = (group: string) => (name: string) => {
    const { [group]: found } = names;
    const object = isObject(found) && Object.hasOwn(found, name) ? found[name] : undefined;
    return isObject(object) ? object : undefined;
  };
  const textsBelow = (group: string) => (name: string) => {
    const object = below(group)(name);
    return (
      object &&
      Object.fromEntries(
        Object.entries(object).map(([key, value]) => [
          key,
          typeof value === 'string' ? value : JSON.stringify(value),
        ]),
      )
    );
  };
  return {
    secret: textsBelow('secrets'),
    sharedSecret: textsBelow('sharedSecrets'),
    configMap: textsBelow('configMaps'),
    sharedConfigMap: textsBelow('sharedConfigMaps'),
    freightMetadata: below('freightMetadata'),
    freightStatus: below('freightStatus'),
    stageMetadata: below('stageMetadata'),
  };
}
