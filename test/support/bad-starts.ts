import { Buffer } from 'node:buffer';
import { createRandom, type Random } from './random.ts';

/** Arguments of a workflow that nobody can promote with, as they go over the wire. */
export interface BadStart {
  readonly title: string;
  readonly payloads: readonly { readonly metadata?: Record<string, Uint8Array>; readonly data: Uint8Array }[];
}

/** Bad starts, always the same for a seed: each holds at least one fault that cannot be overlooked. */
export function badStarts(seed: number, count: number): readonly BadStart[] {
  const random = createRandom(seed);
  return Array.from({ length: count }, (_, index) => {
    const [title, make] = kinds[index % kinds.length]!;
    return { title: `${index}: ${title}`, payloads: make(random) };
  });
}

type Payloads = BadStart['payloads'];

const kinds: readonly (readonly [string, (random: Random) => Payloads])[] = [
  ['a wrong type at the top', (random) => [json(anything(random, 0))]],
  ['a field of a wrong type', (random) => [json({ ...good(), ...wrongField(random) })]],
  ['a step with faults', (random) => [json({ ...good(), steps: [badStep(random), ...someSteps(random)] })]],
  [
    'a bad duration',
    (random) => [json({ ...good(), steps: [{ ...step(), retry: { timeout: badDuration(random) } }] })],
  ],
  [
    'a bad number',
    (random) => [json({ ...good(), steps: [{ ...step(), retry: { errorThreshold: badNumber(random) } }] })],
  ],
  [
    'a bad back-off',
    (random) => [json({ ...good(), steps: [{ ...step(), retry: { backoff: badBackoff(random) } }] })],
  ],
  ['a bad time limit', (random) => [json({ ...good(), timeout: badDuration(random) })]],
  ['names of prototypes', (random) => [raw(withPrototypeNames(random))]],
  [
    'odd characters in names',
    (random) => [json({ ...good(), [oneOf(random, ['project', 'stage'])]: oddText(random) })],
  ],
  [
    'odd characters in an alias and an unknown field',
    (random) => [json({ ...good(), steps: [{ ...step(), as: oddText(random), [oddText(random)]: 1 }] })],
  ],
  ['deep nesting', (random) => [raw(deep(random))]],
  ['much of something', (random) => [json(large(random))]],
  ['bytes that are no JSON', (random) => [payload(oneOf(random, encodings), bytes(random))]],
  ['JSON that breaks off', (random) => [raw(brokenOff(random))]],
  ['several arguments', (random) => Array.from({ length: 2 + pick(random, 5) }, () => json(good()))],
  [
    'an expression that does not compile',
    (random) => [json({ ...good(), steps: [{ ...step(), config: { a: badExpression(random) } }] })],
  ],
  [
    'a condition that does not compile',
    (random) => [json({ ...good(), steps: [{ ...step(), if: badExpression(random) }] })],
  ],
  [
    'bad variables',
    (random) => [json({ ...good(), vars: [{ name: 'ok', value: 'x' }, badVariable(random)] })],
  ],
  [
    'bad definitions',
    (random) => [
      json({ project: 'demo', stage: 'test', freight: 'f1', definitions: badDefinitions(random) }),
    ],
  ],
  ['bad Freight', (random) => [json({ ...good(), freight: badFreight(random) })]],
];

const encodings = ['json/plain', 'json/protobuf', 'binary/plain', 'binary/null', 'json/brotli', '', '\u0000'];

function good(): Record<string, unknown> {
  return { project: 'demo', stage: 'test', freight: { name: 'f1' }, steps: [step()] };
}

function step(): Record<string, unknown> {
  return { uses: 'compose-output', config: { a: 1 } };
}

function someSteps(random: Random): unknown[] {
  return Array.from({ length: pick(random, 5) }, step);
}

function badStep(random: Random): unknown {
  return oneOf<unknown>(random, [
    7,
    null,
    [],
    {},
    { uses: '' },
    { uses: oddText(random) },
    { uses: 'compose-output', task: { name: 't' }, config: { a: 1 } },
    { task: { name: 'nowhere' } },
    { task: { name: ['t'] } },
    { ...step(), as: 'step-1' },
    { ...step(), as: 7 },
    { ...step(), continueOnError: 'yes' },
    { ...step(), config: [1] },
    { ...step(), config: 'x' },
    { ...step(), retry: 3 },
    { ...step(), vars: { a: 1 } },
    { uses: '__proto__' },
    { uses: 'constructor' },
  ]);
}

function wrongField(random: Random): Record<string, unknown> {
  const key = oneOf(random, [
    'project',
    'stage',
    'freight',
    'actor',
    'vars',
    'steps',
    'definitions',
    'onFailure',
    'timeout',
  ]);
  return { [key]: oneOf<unknown>(random, [true, -1, 1e308, [[]], [null, 1], { a: { b: 1 } }]) };
}

function badDuration(random: Random): unknown {
  return oneOf<unknown>(random, [
    '-5m',
    '1 hour',
    '5',
    'soon',
    '',
    '1d',
    '9'.repeat(400) + 'h',
    '１m',
    '5m\u0000',
    5,
    -1,
    true,
    {},
    ['5m'],
    'NaNs',
    '1e3s',
  ]);
}

function badNumber(random: Random): unknown {
  return oneOf<unknown>(random, [-1, -0.5, 1.5, 1e300, '3', true, [], {}, 4_294_967_296, '-1']);
}

function badBackoff(random: Random): unknown {
  return oneOf<unknown>(random, [
    7,
    [],
    { initial: '-1s' },
    { initial: '0s' },
    { factor: 0 },
    { factor: -2 },
    { factor: '2' },
    { max: 'never' },
    { initail: '1s' },
  ]);
}

function withPrototypeNames(random: Random): string {
  const name = oneOf(random, ['__proto__', 'constructor', 'toString', 'hasOwnProperty', 'valueOf']);
  return oneOf(random, [
    `{"__proto__": {"project": "demo"}, "stage": "test", "freight": "${name}"}`,
    `{"project": "demo", "stage": "test", "freight": "f", "${name}": {"x": 1}, "steps": [{"uses": "${name}"}]}`,
    `{"project": "demo", "stage": "test", "freight": {"name": "f1", "${name}": 1}, "steps": []}`,
    `{"project": "demo", "stage": "test", "freight": {"name": "f1"}, "vars": [{"name": "__proto__", "value": "x"}]}`,
    `{"project": "${name}", "stage": "${name}", "freight": "${name}", "vars": {"${name}": 1}}`,
  ]);
}

function oddText(random: Random): string {
  const odd = [
    '\u0000',
    '\ud800',
    '\udc00\ud800',
    '\u202e',
    '\u200b',
    'é\u0301',
    '😀',
    '\ufeff',
    '\n\r\t',
    '\uffff',
    'ß',
    '٣',
    '..',
    '/',
    '{{',
    '\u2028',
  ];
  return Array.from({ length: 1 + pick(random, 20) }, () => oneOf(random, odd)).join('');
}

function deep(random: Random): string {
  const levels = 300 + pick(random, 60_000);
  const isList = random() < 0.5;
  const [open, close] = isList ? ['[', ']'] : ['{"a":', '}'];
  const value = `${open.repeat(levels)}1${close.repeat(levels)}`;
  return random() < 0.5
    ? value
    : `{"project": "demo", "stage": "test", "freight": {"name": "f1"}, "steps": [{"config": ${value}}]}`;
}

/** Up to what the server takes for one payload. */
function large(random: Random): unknown {
  const size = 600_000 + pick(random, 1_300_000);
  return oneOf<() => unknown>(random, [
    () => ({ ...good(), vars: [{ name: 'x', value: 'x'.repeat(size) }] }),
    () => ({ ...good(), actor: 'ä'.repeat(size / 2) }),
    () => ({ ...good(), steps: Array.from({ length: size / 60 }, step) }),
    () => ({ ...good(), ['k'.repeat(size)]: 1 }),
    () => Array.from({ length: size / 6 }, () => 'x'),
  ])();
}

function brokenOff(random: Random): string {
  const text = JSON.stringify(good());
  return text.slice(0, 1 + pick(random, text.length - 2));
}

function bytes(random: Random): Uint8Array {
  return Uint8Array.from({ length: pick(random, 3000) }, () => 128 + pick(random, 128));
}

function badExpression(random: Random): string {
  return oneOf(random, [
    '${{ ',
    '${{ 1 + }}',
    '${{ nope() }}',
    '${{ ) }}',
    "${{ 'a }}",
    '${% status() %}',
    '${{ 1 === 2 }}',
    '${{ warehouse() }}',
    '${{ [1, }}',
    `\${{ ${'('.repeat(5000)} }}`,
  ]);
}

function badVariable(random: Random): unknown {
  return oneOf<unknown>(random, [
    1,
    null,
    {},
    { name: '' },
    { name: '1x', value: '' },
    { name: 'a-b', value: 'x' },
    { name: 'x', value: 7 },
    { name: 'x', value: ['a'] },
    { nmae: 'x' },
    { name: oddText(random), value: 'x' },
  ]);
}

function badDefinitions(random: Random): unknown {
  const manifest = {
    apiVersion: 'kargo.akuity.io/v1alpha1',
    kind: 'Stage',
    metadata: { name: 'test', namespace: 'demo' },
  };
  return oneOf<unknown>(random, [
    'x',
    7,
    [7],
    [{}],
    [manifest],
    [{ ...manifest, metadata: 1 }],
    [{ ...manifest, spec: [] }],
    [{ ...manifest, kind: 'Stag' }],
    [{ ...manifest, spec: { promotionTemplate: { spec: { steps: [{ uses: 'nope' }] } } } }],
    [manifest, manifest],
  ]);
}

function badFreight(random: Random): unknown {
  return oneOf<unknown>(random, [
    '',
    7,
    {},
    [],
    [1],
    { name: 'A B' },
    { name: 'f1', commits: {} },
    { name: 'f1', commits: [{}] },
    { images: [{ repoURL: 'r' }] },
    { name: 'f1', charts: [{ repoURL: 7, version: 1 }] },
    { name: 'f1', origin: { kind: 'Ship', name: 'x' } },
    'x'.repeat(300),
    [{ name: 'f1' }, 'f2'],
  ]);
}

/** Any value, but never an object that could be a request. */
function anything(random: Random, depth: number): unknown {
  const leaves = [null, true, 0, -1.5, '', oddText(random), 'text', 1e308];
  if (depth > 3 || random() < 0.4) return oneOf<unknown>(random, leaves);
  const inner = Array.from({ length: pick(random, 4) }, () => anything(random, depth + 1));
  return random() < 0.5
    ? inner
    : Object.fromEntries(inner.map((value, at) => [`${oddText(random)}${at}`, value]));
}

function json(value: unknown): Payloads[number] {
  return raw(JSON.stringify(value));
}

function raw(text: string): Payloads[number] {
  return payload('json/plain', Buffer.from(text));
}

function payload(encoding: string, data: Uint8Array): Payloads[number] {
  return { metadata: { encoding: Buffer.from(encoding) }, data };
}

function oneOf<T>(random: Random, list: readonly T[]): T {
  return list[pick(random, list.length)]!;
}

function pick(random: Random, below: number): number {
  return Math.floor(random() * below);
}
