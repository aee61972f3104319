import { ExpressionError, fail } from '../expression/errors.ts';
import {
  Callable,
  Dict,
  fromJson,
  Native,
  textDict,
  type NativeType,
  type Value,
} from '../expression/values.ts';
import type { FunctionTable } from '../expression/function.ts';
import type { TimeZones } from '../expression/time/location.ts';
import { NamedText, namedText } from '../template/functions/freight/named-text.ts';
import { defineStructure, Structure } from '../template/functions/freight/structure.ts';
import { requireTexts } from '../template/functions/data/texts.ts';
import { lookupFunctions, stepFunctions, varFunctions } from '../template/functions/index.ts';
import type { Lookups, PromotionEnvironment } from '../template/functions/promotion.ts';
import type { References } from '../template/references.ts';
import { evaluateTemplate } from '../template/template.ts';
import { taskOf } from './outputs.ts';
import type { Variable } from './plan.ts';
import type { Scope, ScopeRecord } from './step-run.ts';

export type { Lookups } from '../template/functions/promotion.ts';

/** Something outside could not be asked: other than a fault of the expression, trying again may help. */
export class LookupFailed extends Error {
  override readonly name = 'LookupFailed';
}

/** Where an expression stands: a var of a promotion or step, an `if`, a config. */
export type Place = 'vars' | 'condition' | 'config';

interface Options {
  readonly place: Place;
  readonly lookups?: Lookups;
  /** Time zones by name; a workflow has none. */
  readonly zones?: TimeZones;
}

/**
 * Everything an expression of a step may see, all vars evaluated in order, each seeing the earlier ones. Throws an
 * ExpressionError that names the var at fault, and passes LookupFailed on.
 */
export function createEnvironment(scope: Scope, options: Options): PromotionEnvironment {
  const context: Names = [
    ['ctx', contextOf(scope)],
    ...targetOf(scope),
    ['secrets', new Secrets(options.lookups)],
  ];
  const promotion = addVars(new Map(), scope.promotionVars, (vars) => {
    return environmentOf(scope, options, varFunctions, scope.identity.startedAt, [
      ...context,
      ...namesOf(vars),
    ]);
  });
  const names = [...context, ...stateOf(scope)];
  const vars = addVars(promotion, scope.stepVars, (known) => {
    return environmentOf(scope, options, varFunctions, scope.identity.startedAt, [
      ...names,
      ...namesOf(known),
    ]);
  });
  const functions = options.place === 'vars' ? varFunctions : stepFunctions;
  const clock = options.place === 'vars' ? scope.identity.startedAt : scope.startedAt;
  return environmentOf(scope, options, functions, clock, [...names, ...namesOf(vars)]);
}

/** Whether expressions read anything that only an activity can look up; time zones are such. */
export function needsLookups(references: References): boolean {
  return references.zones || readsOutside(references);
}

/** Whether expressions read Secrets, ConfigMaps, or what is known of Freight and Stages. */
export function readsOutside({ functions, names }: References): boolean {
  return (
    names.has('secrets') || names.has('$env') || [...lookupFunctions].some((name) => functions.has(name))
  );
}

type Names = readonly (readonly [string, Value])[];

function environmentOf(
  scope: Scope,
  { lookups, zones }: Options,
  functions: FunctionTable,
  clock: string,
  names: Names,
): PromotionEnvironment {
  // Names of the environment win over vars that can be written without `vars.`.
  const values = new Dict(new Map(names.toReversed()));
  return { scope, values, functions, clock, ...(lookups && { lookups }), ...(zones && { zones }) };
}

function addVars(
  known: ReadonlyMap<string, Value>,
  vars: readonly Variable[],
  environmentWith: (known: ReadonlyMap<string, Value>) => PromotionEnvironment,
): ReadonlyMap<string, Value> {
  const values = new Map(known);
  for (const { name, value } of vars) values.set(name, evaluateVar(name, value, environmentWith(values)));
  return values;
}

function evaluateVar(name: string, value: string, environment: PromotionEnvironment): Value {
  try {
    return fromJson(evaluateTemplate(value, environment));
  } catch (error) {
    if (!(error instanceof ExpressionError)) throw error;
    throw new ExpressionError(
      error.stage,
      `variable ${JSON.stringify(name)}: ${error.message}`,
      error.offset,
    );
  }
}

/** `vars`, and every var by its own name. */
function namesOf(vars: ReadonlyMap<string, Value>): Names {
  return [['vars', new Dict(new Map(vars))], ...vars];
}

/** `ctx`, with `freight` as it was spelled before `targetFreight`. */
function contextOf({ identity, alias, freight: { target } }: Scope): Value {
  const freight = {
    name: target.name,
    alias: target.alias,
    origin: target.origin ? { name: target.origin.name } : {},
  };
  return fromJson({
    uiBaseUrl: identity.uiBaseUrl ?? '',
    project: identity.project,
    stage: identity.stage,
    promotion: identity.name,
    targetFreight: freight,
    freight,
    meta: {
      promotion: { actor: identity.actor ?? '', rollback: identity.rollback ?? false },
      step: { alias },
    },
  });
}

/** `target`, when the promotion is to one. */
function targetOf({ target }: Scope): Names {
  if (!target) return [];
  const parts = [
    ['params', fromJson(target.params)],
    ['labels', textDict(target.labels)],
  ] as const;
  return [['target', new Dict(new Map<string, Value>(parts))]];
}

/** The outputs by alias; `outputs.Get(alias)` is another way to read one. */
class OutputsOfSteps extends Dict {
  constructor(outputs: Scope['outputs']) {
    super(new Map(Object.entries(outputs).map(([alias, output]) => [alias, fromJson(output)])));
  }

  override method(name: string): Callable | undefined {
    if (name !== 'Get') return undefined;
    return new Callable(([alias]) =>
      typeof alias === 'string'
        ? (this.entries.get(alias) ?? null)
        : fail('outputs.Get wants the alias of a step'),
    );
  }
}

/** What earlier steps left behind. */
function stateOf(scope: Scope): Names {
  const names: (readonly [string, Value])[] = [
    ['outputs', new OutputsOfSteps(scope.outputs)],
    ['stepMetas', new Dict(new Map(scope.records.map((record) => [record.alias, recordOf(record)])))],
  ];
  const task = taskOf(scope);
  if (task === undefined) return names;
  const namespace = `${task}::`;
  const inner = Object.entries(scope.outputs)
    .filter(([alias]) => alias.startsWith(namespace))
    .map(([alias, output]) => [alias.slice(namespace.length), output] as const);
  return [...names, ['task', fromJson({ outputs: Object.fromEntries(inner) })]];
}

const statusType = namedText('v1alpha1.PromotionStepStatus');
const recordType = defineStructure(
  'v1alpha1.StepExecutionMetadata',
  'Alias:alias StartedAt:startedAt FinishedAt:finishedAt ErrorCount:errorCount Status:status Message:message ContinueOnError:continueOnError',
);

function recordOf(record: ScopeRecord): Value {
  return new Structure(recordType, {
    Alias: record.alias,
    StartedAt: record.startedAt ?? '',
    FinishedAt: record.finishedAt ?? '',
    ErrorCount: BigInt(record.errorCount),
    Status: new NamedText(statusType, record.status),
    Message: record.message ?? '',
    ContinueOnError: record.continueOnError,
  });
}

const secretsType: NativeType = { name: 'secrets' };

/** `secrets.<name>.<key>`, read when it is asked for. */
class Secrets extends Native {
  readonly type = secretsType;
  readonly #lookups: Lookups | undefined;

  constructor(lookups: Lookups | undefined) {
    super();
    this.#lookups = lookups;
  }

  override field(name: string): Value {
    if (!this.#lookups) return fail('secrets cannot be looked up here');
    return requireTexts(name, this.#lookups);
  }
  override text(): string {
    return 'secrets';
  }
  override json(): Value {
    return null;
  }
}
