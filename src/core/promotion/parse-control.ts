import { Fields, kindOf } from '../fields.ts';
import { isObject, type JsonObject } from '../json.ts';
import { formatProblem, type Problem } from '../problem.ts';
import type { Caller, Control, ControlCalls, RetryCall, SkipCall } from './control.ts';
import { limits } from './limits.ts';
import { parseVars } from './parse-steps.ts';
import { formatSize, isDeeperThan, sizeOfJson } from './size.ts';

export interface ParsedControl<Kind extends Control> {
  /** Undefined when there are problems. */
  readonly call?: ControlCalls[Kind];
  /** Everything that is wrong with the argument, each in one line. */
  readonly problems: readonly string[];
}

/** The argument of an update, whatever a client sent, or everything that is wrong with it. `null` is absent. Never throws. */
export function parseControl<Kind extends Control>(kind: Kind, value: unknown): ParsedControl<Kind> {
  if (!isObject(value) || '$undecodable' in value) {
    const found = value === undefined ? 'nothing' : kindOf(value);
    return { problems: [`it takes one object such as ${examples[kind]}, not ${found}`] };
  }
  if (isDeeperThan(value, limits.depth)) {
    return { problems: [`lists and objects are nested more than ${limits.depth} levels deep`] };
  }
  const fields = new Fields(value, [], (path) => ({ path }), []);
  const call = { ...readCaller(fields), ...readOwn(kind, fields) };
  fields.finish();
  const { problems } = fields;
  return problems.length > 0 ? { problems: problems.map(explain) } : { call, problems: [] };
}

/** An argument of each update, as a person would write it. */
export const examples: Readonly<Record<Control, string>> = {
  abort: '{"actor": "alice", "reason": "wrong version"}',
  retry: '{"actor": "alice", "step": "push", "config": {"targetBranch": "main"}}',
  skip: '{"actor": "alice", "step": "push", "reason": "done by hand"}',
  pause: '{"actor": "alice", "reason": "freeze until noon"}',
  resume: '{"actor": "alice"}',
  refresh: '{"actor": "alice"}',
};

const maximumActor = 250;
const maximumReason = 2000;

function readCaller(fields: Fields): Caller {
  const actor = fields.required('actor', 'say who asks') ?? '';
  if (actor && actor.trim() === '') fields.report('actor', '"actor" is blank: say who asks');
  if (actor.length > maximumActor)
    fields.report('actor', `"actor" is longer than ${maximumActor} characters`);
  const reason = fields.text('reason');
  if (reason && reason.length > maximumReason)
    fields.report('reason', `"reason" is longer than ${maximumReason} characters`);
  return { actor, ...(reason && { reason }) };
}

function readOwn(kind: Control, fields: Fields): Omit<RetryCall & SkipCall, keyof Caller> {
  if (kind !== 'retry' && kind !== 'skip') return {};
  const step = fields.text('step');
  const at = step && { step };
  if (kind === 'skip') {
    const outputs = fields.object('outputs')?.value;
    if (outputs) checkOutputs(outputs, fields);
    return { ...at, ...(outputs && { outputs }) };
  }
  const config = fields.object('config')?.value;
  const vars = parseVars(fields).map(({ name, value }) => ({ name, value }));
  return { ...at, ...(config && { config }), ...(vars.length > 0 && { vars }) };
}

function checkOutputs(outputs: JsonObject, fields: Fields): void {
  const size = sizeOfJson(outputs);
  if (size <= limits.output) return;
  fields.report('outputs', `"outputs" has ${formatSize(size)}, more than ${formatSize(limits.output)}`);
}

/** The messages of top-level fields name them already. */
function explain(problem: Problem): string {
  return (problem.place.path?.length ?? 0) > 1 ? formatProblem(problem) : problem.message;
}
