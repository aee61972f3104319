import { Fields, kindOf, locateInInput, shorten } from '../fields.ts';
import { parseFreight } from '../freight/parse-freight.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { errorsOf, type Problem } from '../problem.ts';
import { isUndecodable } from '../undecodable.ts';
import { parseDurationField, parseSteps, parseVars } from './parse-steps.ts';
import type { PromotionRequest } from './request.ts';

export interface ParsedRequest {
  /** Undefined when there is an error among the problems. */
  readonly request?: PromotionRequest;
  readonly problems: readonly Problem[];
}

/**
 * The request in a workflow's arguments, whatever a client sent, or everything that is wrong with it, each with its JSON
 * path. `null` and empty lists are absent: clients turn the one into the other. Never throws.
 */
export function parseRequest(args: readonly unknown[]): ParsedRequest {
  const [input] = args;
  if (args.length === 0) return refuse(`no input: send ${example}`);
  if (args.length > 1) return refuse(`${args.length} inputs: send only ${example}`);
  if (!isObject(input)) return refuse(explainNoObject(input));
  if (isUndecodable(input)) return refuse(explainUndecodable(plain(input.$undecodable)));
  const fields = new Fields(input, [], locateInInput(), []);
  const request = readRequest(fields);
  const { problems } = fields;
  return errorsOf(problems).length > 0 ? { problems } : { request, problems };
}

/** Most bytes of definitions that are sent along. */
export const maximumDefinitions = 256 * 1024;

const example = 'one JSON object such as {"project": "demo", "stage": "test", "freight": "NAME"}';

function refuse(message: string): ParsedRequest {
  return { problems: [{ message, place: { source: 'input' } }] };
}

/** Reasons quote what was sent. */
function plain(reason: string): string {
  return reason.slice(0, 200).replace(/\p{Cc}|\p{Surrogate}/gu, '\uFFFD');
}

function explainUndecodable(reason: string): string {
  if (reason.startsWith('it is encrypted')) return `the input cannot be read: ${reason}`;
  return `the input cannot be read as JSON (${reason}): send ${example}`;
}

function explainNoObject(input: unknown): string {
  if (typeof input === 'string' && /^\s*\{/.test(input))
    return 'the input is a text that holds JSON: send the object itself, without quotes around it';
  return `the input is ${kindOf(input)}: send ${example}`;
}

function readRequest(fields: Fields): PromotionRequest {
  const project = readName(fields, 'project', /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/, '"-", at most 63');
  const stage = readName(
    fields,
    'stage',
    /^(?=.{1,253}$)[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/,
    '"-" and ".", at most 253',
  );
  const freight = readFreight(fields);
  const actor = readActor(fields);
  const vars = parseVars(fields).map(({ name, value }) => ({ name, value }));
  const steps = readSteps(fields);
  const definitions = readDefinitions(fields);
  const onFailure = fields.oneOf('onFailure', ['fail', 'hold']) ?? 'fail';
  const timeout = parseDurationField(fields, 'timeout', 1);
  fields.finish();
  return {
    project,
    stage,
    freight,
    ...(actor && { actor }),
    vars,
    ...(steps && { steps }),
    ...(definitions && { definitions }),
    onFailure,
    ...(timeout !== undefined && { timeout }),
  };
}

function readName(fields: Fields, key: string, pattern: RegExp, rule: string): string {
  const name = fields.required(key, `the name of the ${key} to promote in`) ?? '';
  if (name && !pattern.test(name))
    fields.report(key, `${shorten(name)} is no name of a ${key}: lower-case letters, digits, ${rule}`);
  return name;
}

function readFreight(fields: Fields): string | readonly JsonObject[] {
  const value = fields.find('freight');
  if (typeof value === 'string' && value.length <= 253)
    return fields.required('freight', 'a name or an alias') ?? '';
  const list = isObject(value) ? [value] : value;
  if (Array.isArray(list) && list.length > 0 && list.every(isObject)) {
    const isList = Array.isArray(value);
    for (const [index, freight] of list.entries()) {
      const locate = locateInInput('freight', ...(isList ? [index] : []));
      fields.problems.push(...parseFreight(freight, locate).problems);
    }
    return list;
  }
  fields.report('freight', explainFreight(value));
  return '';
}

function explainFreight(value: Json | undefined): string {
  const remedy = 'give a name, an alias, or whole Freight as an object or a list of objects';
  if (value === undefined || (Array.isArray(value) && value.length === 0))
    return `"freight" is missing: ${remedy}`;
  if (typeof value === 'string') return '"freight" is longer than 253 characters';
  return Array.isArray(value)
    ? `"freight" must hold nothing but objects: ${remedy}`
    : `"freight" is ${kindOf(value)}: ${remedy}`;
}

function readActor(fields: Fields): string | undefined {
  const actor = fields.text('actor');
  if (actor !== undefined && actor.length > 200)
    fields.report('actor', `"actor" has ${actor.length} characters: 200 at most`);
  return actor;
}

function readSteps(fields: Fields): readonly JsonObject[] | undefined {
  parseSteps(fields);
  return listOf(fields.find('steps'));
}

function readDefinitions(fields: Fields): readonly JsonObject[] | undefined {
  fields.objects('definitions', 'manifests');
  const list = listOf(fields.find('definitions'));
  const bytes = list && new TextEncoder().encode(JSON.stringify(list)).length;
  if (bytes && bytes > maximumDefinitions) {
    const size = `${Math.ceil(bytes / 1024)} KiB of definitions, ${maximumDefinitions / 1024} KiB at most`;
    fields.report('definitions', `${size}: send only what this promotion needs, or let the worker read them`);
  }
  return list;
}

function listOf(value: Json | undefined): readonly JsonObject[] | undefined {
  return Array.isArray(value) && value.length > 0 ? (value as readonly JsonObject[]) : undefined;
}
