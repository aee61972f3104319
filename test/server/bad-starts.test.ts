import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { temporal } from '@temporalio/proto';
import { queues } from '../../src/core/promotion/calls.ts';
import { openPromotionRig, until, type PromotionRig } from '../support/promotion-rig.ts';
import { useTemporalServer } from '../support/temporal-server.ts';

type Payload = temporal.api.common.v1.IPayload;

interface Start {
  readonly title: string;
  readonly payloads: readonly Payload[] | undefined;
  readonly message: RegExp;
  readonly type?: string;
  readonly workflowType?: string;
}

const good = { project: 'demo', stage: 'test', freight: 'f000001' };

const starts: readonly Start[] = [
  { title: 'no arguments at all', payloads: undefined, message: /no input/ },
  { title: 'an empty list of arguments', payloads: [], message: /no input/ },
  { title: 'two arguments', payloads: [json(good), json(good)], message: /2 inputs/ },
  { title: 'a text', payloads: [json('hello')], message: /JSON object/ },
  {
    title: 'a text that holds JSON',
    payloads: [json(JSON.stringify(good))],
    message: /text that holds JSON/,
  },
  { title: 'a number', payloads: [json(7)], message: /JSON object/ },
  { title: 'a list', payloads: [json([good])], message: /JSON object/ },
  { title: 'null', payloads: [json(null)], message: /JSON object/ },
  { title: 'the null of other clients', payloads: [payload('binary/null', '')], message: /JSON object/ },
  { title: 'an empty object', payloads: [json({})], message: /project[^]*stage[^]*freight/ },
  {
    title: 'JSON that breaks off',
    payloads: [payload('json/plain', '{"project": "de')],
    message: /cannot be read/,
  },
  { title: 'no data', payloads: [payload('json/plain', '')], message: /cannot be read/ },
  {
    title: 'text that is no UTF-8',
    payloads: [payload('json/plain', Buffer.from([0x22, 0xff, 0xfe, 0x22]))],
    message: /JSON object/,
  },
  { title: 'an unknown encoding', payloads: [payload('json/brotli', '{}')], message: /cannot be read/ },
  { title: 'no encoding', payloads: [{ data: Buffer.from('{}') }], message: /cannot be read/ },
  {
    title: 'bytes',
    payloads: [payload('binary/plain', Buffer.from([1, 2, 3]))],
    message: /JSON object|project/,
  },
  {
    title: 'a message of another language',
    payloads: [payload('json/protobuf', '{"a": 1}')],
    message: /cannot be read/,
  },
  {
    title: 'unknown and misspelt fields',
    payloads: [json({ ...good, stgae: 'x', 'Steps ': [] })],
    message: /stgae[^]*Steps /,
  },
  {
    title: 'wrong types everywhere',
    payloads: [
      json({
        project: 1,
        stage: [],
        freight: {},
        vars: 'x',
        steps: 7,
        definitions: 'y',
        onFailure: 'cry',
        timeout: 'soon',
      }),
    ],
    message: /project[^]*vars[^]*steps[^]*definitions[^]*onFailure[^]*timeout/,
  },
  {
    title: 'names of prototypes',
    payloads: [
      payload(
        'json/plain',
        '{"__proto__": {"x": 1}, "constructor": 1, "project": "__proto__", "stage": "toString", "freight": "hasOwnProperty"}',
      ),
    ],
    message: /__proto__/,
  },
  {
    title: 'half a character',
    payloads: [payload('json/plain', '{"project": "\\ud800", "stage": "test", "freight": "f"}')],
    message: /project/,
  },
  {
    title: 'lists without end',
    payloads: [payload('json/plain', `${'['.repeat(500_000)}${']'.repeat(500_000)}`)],
    message: /nested more than 200 levels/,
  },
  {
    title: 'objects without end',
    payloads: [payload('json/plain', `{"project": ${'{"a":'.repeat(100_000)}1${'}'.repeat(100_000)}}`)],
    message: /nested more than 200 levels/,
  },
  {
    title: 'far too much',
    payloads: [json({ ...good, vars: [{ name: 'x', value: 'x'.repeat(1_500_000) }] })],
    message: /KiB are more than/,
  },
  {
    title: 'thousands of problems',
    payloads: [json({ ...good, vars: Array.from({ length: 3000 }, () => ({ nmae: 1 })) })],
    message: /and \d+ more/,
  },
  {
    title: 'bad numbers in steps',
    payloads: [
      json({
        ...good,
        steps: [{ uses: 'fail', retry: { timeout: '-5m', errorThreshold: -1 } }, { config: {} }],
      }),
    ],
    message: /steps\[0\][^]*steps\[1\]/,
  },
  {
    title: 'a type in capitals',
    payloads: [json(good)],
    workflowType: 'Promotion',
    type: 'UnknownWorkflowType',
    message: /Unknown workflow type "Promotion": did you mean "promotion"\?/,
  },
  {
    title: 'what only a promotion that went on would bring along',
    payloads: [json({ continuedFrom: 'run', run: { plan: { steps: [] }, status: {} }, files: {} })],
    message: /unknown field "continuedFrom"/,
  },
  {
    title: 'a type nobody knows',
    payloads: [json(good)],
    workflowType: '__proto__',
    type: 'UnknownWorkflowType',
    message: /there is only "promotion"/,
  },
];

describe('bad starts', function () {
  // A task that the server gave to a dead poll comes again after 10 s.
  this.timeout(60_000);
  let rig: PromotionRig;
  before(async () => {
    const server = await useTemporalServer();
    rig = await openPromotionRig(await server.client(), await server.nativeConnection(), { disks: [] });
  });
  after(() => rig.close());

  for (const { title, payloads, message, type = 'InvalidPromotion', workflowType = 'promotion' } of starts) {
    it(`${title}: FAILED in the first workflow task, with a message to act on`, async () => {
      const workflowId = `bad-${randomUUID()}`;
      await start(rig, workflowId, workflowType, payloads);
      const handle = rig.client.workflow.getHandle(workflowId);
      await until(async () => (await handle.describe()).status.name !== 'RUNNING');
      const { events } = await handle.fetchHistory();
      assert.equal((await handle.describe()).status.name, 'FAILED');
      const lost = events?.filter((event) => event.workflowTaskTimedOutEventAttributes) ?? [];
      assert.equal(events?.length, 5 + 3 * lost.length);
      const failure = events?.at(-1)?.workflowExecutionFailedEventAttributes?.failure;
      assert.equal(failure?.applicationFailureInfo?.type, type);
      assert.equal(failure?.applicationFailureInfo?.nonRetryable, true);
      assert.equal(failure?.stackTrace, '');
      assert.match(failure?.message ?? '', message);
      assert.ok((failure?.message?.length ?? 0) < 17_000);
    });
  }
});

async function start(
  rig: PromotionRig,
  workflowId: string,
  name: string,
  payloads: readonly Payload[] | undefined,
) {
  await rig.client.workflowService.startWorkflowExecution({
    namespace: 'default',
    workflowId,
    requestId: randomUUID(),
    workflowType: { name },
    taskQueue: { name: queues.main },
    ...(payloads && { input: { payloads: [...payloads] } }),
  });
}

function json(value: unknown): Payload {
  return payload('json/plain', JSON.stringify(value));
}

function payload(encoding: string, data: string | Buffer): Payload {
  return { metadata: { encoding: Buffer.from(encoding) }, data: Buffer.from(data as string) };
}
