import { readFileSync } from 'node:fs';
import { checkTemplate } from '../../../src/core/template/check-template.ts';
import {
  evaluateExpression,
  ExpressionError,
  type Environment,
} from '../../../src/core/expression/expression.ts';
import { encodeJson } from '../../../src/core/expression/format/json.ts';
import { Dict, fromJson } from '../../../src/core/expression/values.ts';
import { textFunctions } from '../../../src/core/template/functions/index.ts';
import { evaluateTemplate } from '../../../src/core/template/template.ts';
import { openTimeZones } from '../../../src/providers/time-zones/time-zones.ts';
import { createRandom, type Random } from '../../support/random.ts';

/** An input that broke the rules: another error than an ExpressionError, or too long a wait. */
export interface Finding {
  readonly input: string;
  readonly what: string;
}

/** Longest that any input may take, in milliseconds. */
const patience = 1000;

/** Changes recorded expressions at random, so many times; the same seed gives the same inputs. */
export function fuzzMutations(count: number, seed: number): readonly Finding[] {
  const random = createRandom(seed);
  const corpus = readCorpus();
  return run(count, () => {
    let text = pick(corpus, random);
    for (let changes = 1 + Math.floor(random() * 3); changes > 0; changes--)
      text = pick(mutations, random)(text, random, corpus);
    return text;
  });
}

/** Evaluates so many texts of random signs and words. */
export function fuzzTexts(count: number, seed: number): readonly Finding[] {
  const random = createRandom(seed);
  return run(count, () => {
    const length = Math.floor(random() ** 2 * 200);
    return Array.from({ length }, () => (random() < 0.5 ? pick(words, random) : randomSign(random))).join('');
  });
}

type Mutation = (text: string, random: Random, corpus: readonly string[]) => string;

const words = (
  '( ) [ ] { } . .. ?. ?? ? : , ; | # $ + - * / % ** ^ == != < <= > >= && || ! = " \' ` \\ b" // /* */ 0 1 1.5 -1 1e9 0x1F ' +
  '9223372036854775807 1e308 true false nil not and or in matches contains startsWith endsWith let x if else #acc #index $env ' +
  'vars outputs ctx len( map( filter( reduce( sum( sortBy( groupBy( repeat( split( join( toJSON( fromJSON( date( duration( ' +
  'timezone( string( int( keys( flatten( uniq( quote( asYAML( semverParse( __proto__ constructor ${{ }} ${% %} é 😀 \ud800'
).split(' ');
const mutations: readonly Mutation[] = [
  (text, random) => cut(text, random, ''),
  (text, random) => cut(text, random, ` ${pick(words, random)} `),
  (text, random) => insert(text, random, pick(words, random)),
  (text, random) => insert(text, random, randomSign(random)),
  (text, random, corpus) => insert(text, random, pick(corpus, random)),
  (text, random) => insert(text, random, piece(text, random)),
  (text, random, corpus) =>
    `${text} ${pick(['+', '==', '|', '??', 'in', 'and', '?', ';'], random)} ${pick(corpus, random)}`,
  (text, random) => `${pick(['(', '[', '-', 'not ', 'let x = ', 'map(1..9, ', 'len('], random)}${text})`,
  (text, random) =>
    text.replace(/\d+/, pick(['0', '999999', '9223372036854775807', '1e308', '0.5', '-1'], random)),
];

function cut(text: string, random: Random, by: string): string {
  const [from, to] = span(text, random);
  return text.slice(0, from) + by + text.slice(to);
}

function insert(text: string, random: Random, what: string): string {
  const at = Math.floor(random() * (text.length + 1));
  return text.slice(0, at) + what + text.slice(at);
}

function piece(text: string, random: Random): string {
  return text.slice(...span(text, random));
}

function span(text: string, random: Random): [number, number] {
  const from = Math.floor(random() * (text.length + 1));
  return [from, Math.min(text.length, from + Math.floor(random() * 12))];
}

function randomSign(random: Random): string {
  return String.fromCharCode(
    random() < 0.8 ? 32 + Math.floor(random() * 95) : Math.floor(random() * 0x10000),
  );
}

function run(count: number, next: () => string): readonly Finding[] {
  const findings: Finding[] = [];
  for (let round = 0; round < count; round++) {
    const input = next();
    const work = round % 10 === 0 ? runTemplate : runExpression;
    const start = performance.now();
    const what = attempt(() => work(input));
    const took = performance.now() - start;
    if (what !== undefined) findings.push({ input, what });
    else if (took > patience) findings.push({ input, what: `${took.toFixed(0)} ms` });
  }
  return findings;
}

function attempt(work: () => void): string | undefined {
  try {
    work();
    return undefined;
  } catch (error) {
    return error instanceof ExpressionError ? undefined : String(error);
  }
}

function runExpression(text: string): void {
  encodeJson(evaluateExpression(text, environment));
}

function runTemplate(text: string): void {
  checkTemplate(text, textFunctions);
  evaluateTemplate(`a\${{ ${text} }}b`, environment);
}

const values = fromJson({
  vars: { a: 'b', n: 3, list: [1, 2, 3], map: { k: 'v' } },
  outputs: { push: { commit: 'abc' } },
  ctx: { stage: 'test' },
  array: [1, 2, 3, 4, 5],
  list: [{ Bar: 'x' }, { Bar: 'y' }],
  foo: { Bar: 'x' },
  i: 1,
  ok: true,
  str: 'str',
  f64: 0.5,
});
const environment: Environment = {
  values: values instanceof Dict ? values : null,
  functions: textFunctions,
  clock: '2025-06-01T12:00:00Z',
  zones: openTimeZones(),
};

function readCorpus(): readonly string[] {
  return ['expr-cases', 'expr-generated-cases'].flatMap((name) =>
    readFileSync(new URL(`../../cases/${name}.jsonl`, import.meta.url), 'utf8')
      .split('\n')
      .filter(Boolean)
      .map((line) => (JSON.parse(line) as { readonly expr: string }).expr)
      .filter((text) => text.length < 2000),
  );
}

function pick<T>(list: ArrayLike<T>, random: Random): T {
  return list[Math.floor(random() * list.length)]!;
}
