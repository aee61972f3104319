import { parseDuration } from '../duration.ts';
import { kindOf, shorten, type Fields, type Locate } from '../fields.ts';
import type { Json, JsonObject, JsonPath } from '../json.ts';
import type { Problem } from '../problem.ts';
import type { Variable } from './plan.ts';

/** A text as the user wrote it, and where. */
export interface SourceVariable extends Variable {
  readonly locate: Locate;
  /** Of the value. */
  readonly path: JsonPath;
}

/** An item of a list of steps, well-formed: a step, or a reference to a task. */
export interface SourceStep {
  /** Exactly one of `uses` and `task`. */
  readonly uses?: string;
  readonly task?: { readonly name: string; readonly kind: 'PromotionTask' | 'ClusterPromotionTask' };
  /** Given, or by position in its own list: `step-1`, `task-2`. */
  readonly alias: string;
  readonly if?: string;
  readonly continueOnError: boolean;
  readonly retry: SourceRetry;
  readonly vars: readonly SourceVariable[];
  /** Empty when there is none. */
  readonly config: JsonObject;
  readonly isConfigured: boolean;
  readonly path: JsonPath;
  readonly locate: Locate;
}

/** What the user says about patience; times in milliseconds, timeout 0 = never give up. */
export interface SourceRetry {
  readonly errorThreshold?: number;
  readonly timeout?: number;
  readonly initial?: number;
  readonly factor?: number;
  readonly max?: number;
}

/**
 * The steps in field `steps` of an object. Malformed ones are left out and reported among the problems of `fields`.
 */
export function parseSteps(fields: Fields): readonly SourceStep[] {
  const list = fields.objects('steps', 'steps');
  const steps = list.flatMap((step) => {
    // Items that are no objects are left out of the list, but count.
    const position = Number(step.path.at(-1)) + 1;
    return parseStep(step, position) ?? [];
  });
  checkAliases(list, fields.problems);
  return steps;
}

/** The variables in field `vars` of an object. */
export function parseVars(fields: Fields): readonly SourceVariable[] {
  return fields.objects('vars', 'variables {name, value}').flatMap((item) => {
    const name = item.required('name');
    const value = item.text('value');
    item.finish();
    if (name === undefined || (value === undefined && item.find('value') !== undefined)) return [];
    if (!/^[A-Za-z_]\w*$/.test(name) || name === '__proto__') {
      item.report('name', `${shorten(name)} is no name of a variable: letters, digits and "_" only`);
      return [];
    }
    return [{ name, value: value ?? '', locate: item.locate, path: [...item.path, 'value'] }];
  });
}

/** Milliseconds of a duration in a field, at least `least`. */
export function parseDurationField(fields: Fields, key: string, least = 0): number | undefined {
  const value = fields.find(key);
  if (value === undefined) return undefined;
  const ms = typeof value === 'string' ? parseDuration(value) : undefined;
  if (ms !== undefined && ms >= least) return ms;
  const fault =
    ms === undefined ? 'must be a duration such as "90s", "5m" or "1h30m"' : 'must be more than 0';
  fields.report(key, `${JSON.stringify(key)} ${fault}, not ${show(value)}`);
  return undefined;
}

function parseStep(fields: Fields, position: number): SourceStep | undefined {
  const before = fields.problems.length;
  const uses = fields.text('uses');
  const task = parseTask(fields);
  const alias = fields.text('as') || `${task ? 'task' : 'step'}-${position}`;
  const condition = fields.text('if');
  const config = fields.object('config');
  const step = {
    ...(uses && { uses }),
    ...(task && { task }),
    alias,
    ...(condition && { if: condition }),
    continueOnError: fields.boolean('continueOnError') ?? false,
    retry: parseRetry(fields.object('retry')),
    vars: parseVars(fields),
    config: config?.value ?? {},
    isConfigured: config !== undefined,
    path: fields.path,
    locate: fields.locate,
  };
  if (uses && task) fields.report('task', 'a step has either "uses" or "task", not both', 'key');
  else if (!uses && fields.find('uses') === undefined && fields.find('task') === undefined)
    fields.problems.push({ message: missing(position), place: fields.locate(fields.path) });
  else if (uses === '') fields.report('uses', '"uses" is empty: name a kind of step');
  if (task && config)
    fields.report('config', '"config" cannot stand beside "task": set variables under "vars"', 'key');
  fields.finish();
  return fields.problems.length === before ? step : undefined;
}

function missing(position: number): string {
  return `step ${position} lacks "uses" (a kind of step) or "task" (a task by name)`;
}

function parseTask(fields: Fields): SourceStep['task'] {
  const task = fields.object('task');
  const name = task?.required('name', 'the name of a PromotionTask');
  const kind = task?.oneOf('kind', ['PromotionTask', 'ClusterPromotionTask']);
  if (name !== undefined && /\$\{[{%]/.test(name)) {
    const what = /secret/i.test(name) ? 'everybody sees the name of a task, so it cannot hold a secret' : '';
    task?.report(
      'name',
      what || 'the name of a task is taken as it stands: no expression in it is evaluated',
    );
  }
  task?.finish();
  return name === undefined ? undefined : { name, kind: kind ?? 'PromotionTask' };
}

function parseRetry(fields: Fields | undefined): SourceRetry {
  if (!fields) return {};
  const threshold = parseNumber(fields, 'errorThreshold', 0, true);
  const timeout = parseDurationField(fields, 'timeout');
  const backoff = fields.object('backoff');
  fields.finish();
  const initial = backoff && parseDurationField(backoff, 'initial', 1);
  const max = backoff && parseDurationField(backoff, 'max', 1);
  const factor = backoff && parseNumber(backoff, 'factor', 1, false);
  backoff?.finish();
  return {
    // As in Kargo, 0 errors means the default.
    ...(threshold && { errorThreshold: threshold }),
    ...(timeout !== undefined && { timeout }),
    ...(initial !== undefined && { initial }),
    ...(factor !== undefined && { factor }),
    ...(max !== undefined && { max }),
  };
}

function parseNumber(fields: Fields, key: string, least: number, whole: boolean): number | undefined {
  const value = fields.find(key);
  if (value === undefined) return undefined;
  const isNumber = typeof value === 'number' && value >= least && value <= 4_294_967_295;
  if (isNumber && (!whole || Number.isInteger(value))) return value;
  const kind = whole ? 'a whole number' : 'a number';
  fields.report(key, `${JSON.stringify(key)} must be ${kind} from ${least} on, not ${show(value)}`);
  return undefined;
}

function show(value: Json): string {
  return typeof value === 'object' ? kindOf(value) : shorten(String(value));
}

/** Kargo's rules for a list: nothing that looks like a default alias, and no alias twice, blanks around it aside. */
function checkAliases(list: readonly Fields[], problems: Problem[]): void {
  const first = new Map<string, Fields>();
  for (const step of list) {
    const given = step.find('as');
    if (typeof given !== 'string' || given === '') continue;
    const alias = given.trim();
    const name = shorten(alias);
    if (/^(step|task)-\d+$/.test(alias))
      step.report('as', `alias ${name} is reserved: steps without alias are called so`);
    if (alias === '__proto__') step.report('as', `alias ${name} cannot be used`);
    const other = first.get(alias);
    if (other) step.report('as', `alias ${name} is already that of step ${Number(other.path.at(-1)) + 1}`);
    else first.set(alias, step);
    refuseSecret(step, given, problems);
  }
}

/** Aliases stand in histories, logs and lists, and are never evaluated. */
function refuseSecret(step: Fields, alias: string, problems: Problem[]): void {
  if (!/\$\{[{%]/.test(alias)) return;
  const place = step.locate([...step.path, 'as']);
  if (/secret/i.test(alias))
    problems.push({ message: 'an alias is seen by everybody: it cannot hold a secret', place });
  else
    problems.push({
      message: `alias ${shorten(alias)} is taken as it stands: no expression in it is evaluated`,
      place,
      severity: 'warning',
    });
}
