import { formatPath, isObject, valueAt, type Json, type JsonObject, type JsonPath } from '../json.ts';
import type { ConfigProblem } from '../promotion/catalogue.ts';
import { nearest } from '../did-you-mean.ts';
import { listNames } from './describe.ts';
import { parsePointer, valueAtPointer } from './pointer.ts';

/** What the validator says of one broken rule: the shape of typebox's errors that we rely on. */
export interface RuleBreak {
  readonly keyword: string;
  /** JSON pointers into schema and value. */
  readonly schemaPath: string;
  readonly instancePath: string;
  readonly params: object;
}

/** Turns a broken rule into problems in our own words; none for an echo of another error. */
export function explainBreak(schema: Json, value: Json, broken: RuleBreak): readonly ConfigProblem[] {
  const path = parsePointer(broken.instancePath, value);
  const rule = valueAtPointer(schema, broken.schemaPath);
  const context: Context = { params: broken.params as JsonObject, rule: isObject(rule) ? rule : {}, path };
  const explain = explainers[broken.keyword];
  if (explain) return explain(context, valueAt(value, path));
  if (broken.keyword === 'boolean') return [];
  return [{ path, message: messageOf(context) ?? `is not valid (${broken.keyword})` }];
}

/** One line for people: the field, then what is wrong with it. */
export function formatConfigProblem({ path, message }: ConfigProblem): string {
  return path.length ? `${formatPath(path)}: ${message}` : message;
}

interface Context {
  readonly params: JsonObject;
  readonly rule: JsonObject;
  readonly path: JsonPath;
}

type Explain = (context: Context, value: Json | undefined) => readonly ConfigProblem[];

const explainers: Readonly<Record<string, Explain>> = {
  required: ({ params, rule, path }) =>
    stringsOf(params['requiredProperties']).map((name) => ({
      path: [...path, name],
      message: `is required${describedAs(valueAt(rule, ['properties', name]))}`,
    })),
  additionalProperties: ({ params, rule, path }) =>
    stringsOf(params['additionalProperties'])
      // A map declares what its values are: they have been checked, the key itself is welcome.
      .filter(() => rule['additionalProperties'] === false)
      .map((name) => ({ path: [...path, name], message: `unknown field${unknownHint(name, rule)}` })),
  type: field(({ params }, value) => `must be ${typeName(params['type'])}, not ${show(value)}`),
  enum: field(({ rule }, value) => {
    const allowed = stringsOf(rule['enum']);
    const near = typeof value === 'string' ? nearest(value, allowed) : undefined;
    return `${show(value)} is not one of ${allowed.join(', ')}${near ? `; did you mean ${near}?` : ''}`;
  }),
  minLength: field(({ params }) =>
    params['limit'] === 1 ? 'must not be empty' : `must have at least ${limit(params)} characters`,
  ),
  maxLength: field(({ params }) => `must have at most ${limit(params)} characters`),
  minItems: field(({ params }) => `must have at least ${count(params, 'item')}`),
  maxItems: field(({ params }) => `must have at most ${count(params, 'item')}`),
  minProperties: field(({ params }) => `must have at least ${count(params, 'field')}`),
  minimum: field(({ params }, value) => `must be at least ${limit(params)}, not ${show(value)}`),
  maximum: field(({ params }, value) => `must be at most ${limit(params)}, not ${show(value)}`),
  pattern: field(({ params }, value) => `must match ${textOf(params['pattern'])}, not ${show(value)}`),
  format: field(({ params }, value) => `must be ${formatName(params['format'])}, not ${show(value)}`),
};

/** A message about the value itself; the schema's own words win, the value is added unless they are about several fields. */
function field(words: (context: Context, value: Json | undefined) => string): Explain {
  return (context, value) => {
    const own = messageOf(context);
    return [{ path: context.path, message: own ? `${own}, not ${show(value)}` : words(context, value) }];
  };
}

function messageOf({ rule }: Context): string | undefined {
  const own = rule['x-message'];
  return typeof own === 'string' ? own : undefined;
}

function describedAs(schema: Json | undefined): string {
  const description = isObject(schema) ? schema['description'] : undefined;
  return typeof description === 'string' ? ` (${description})` : '';
}

function unknownHint(name: string, rule: JsonObject): string {
  const known = isObject(rule['properties']) ? Object.keys(rule['properties']) : [];
  const near = nearest(name, known);
  if (near) return `; did you mean ${near}?`;
  return known.length ? `; known here: ${listNames(known, 'and')}` : '';
}

function typeName(type: Json | undefined): string {
  return typeNames[textOf(type)] ?? textOf(type);
}

const typeNames: Readonly<Record<string, string>> = {
  string: 'text',
  integer: 'a whole number',
  number: 'a number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object with fields',
};

function formatName(format: Json | undefined): string {
  return format === 'email' ? 'an email address' : `a valid ${textOf(format)}`;
}

function limit(params: JsonObject): string {
  return textOf(params['limit']);
}

function count(params: JsonObject, noun: string): string {
  return `${limit(params)} ${noun}${params['limit'] === 1 ? '' : 's'}`;
}

/** Short values are shown, long ones described: a text cut in the middle would slip past the removal of secrets. */
function show(value: Json | undefined): string {
  if (Array.isArray(value)) return 'a list';
  if (isObject(value)) return 'an object';
  const text = JSON.stringify(value) ?? 'nothing';
  return text.length <= maximumShown ? text : `a text of ${text.length - 2} characters`;
}

const maximumShown = 120;

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : JSON.stringify(value ?? null);
}

function stringsOf(value: Json | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : [];
}
