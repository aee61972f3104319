import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/common';
import { createPlanActivity, type PlanActivityWorld } from '../../src/activities/plan.ts';
import type { PromotionRequest } from '../../src/core/promotion/request.ts';
import type { DefinitionSource } from '../../src/providers/definitions/definition-source.ts';

const stage = {
  apiVersion: 'kargo.akuity.io/v1alpha1',
  kind: 'Stage',
  metadata: { name: 'test' },
  spec: { promotionTemplate: { spec: { steps: [{ uses: 'plain' }] } } },
};
const request: PromotionRequest = {
  project: 'demo',
  stage: 'test',
  freight: [{ name: 'f1' }],
  vars: [],
  onFailure: 'fail',
};
const identity = {
  name: 'test.01.f1',
  project: 'demo',
  stage: 'test',
  workflowId: 'w',
  firstRunId: 'r',
  startedAt: '2026-11-21T10:00:00Z',
};

function sourceOf(text: string, read?: DefinitionSource['read']): DefinitionSource {
  const files = [{ name: 'd.yaml', text }];
  return {
    name: './d',
    read: read ?? (() => Promise.resolve({ files, revision: text.length.toString() })),
    close: () => Promise.resolve(),
  };
}

function activity(source?: DefinitionSource, signal = new AbortController().signal) {
  const plain = { place: 'anywhere', effect: 'none', repeatable: true, tools: [], check: () => [] } as const;
  const world: PlanActivityWorld = {
    ...(source && { source }),
    catalogue: new Map([['plain', { ...plain, kind: 'plain', summary: 'Does nothing.' }]]),
    searchAttributes: [],
    tools: {},
    allowInlineSteps: true,
  };
  const attempt = { id: 'x', number: 1, details: undefined, signal, heartbeat: () => undefined };
  return createPlanActivity(world, () => attempt);
}

async function failureOf(promise: Promise<unknown>): Promise<ApplicationFailure> {
  const error = await promise.then(
    () => assert.fail('it should have failed'),
    (reason: unknown) => reason,
  );
  assert.ok(error instanceof ApplicationFailure);
  return error;
}

describe('the activity that plans', () => {
  it("reads the worker's own definitions, and says which", async () => {
    const { definitions, steps } = await activity(sourceOf(JSON.stringify(stage)))({ request, identity });
    assert.equal(definitions.source, './d');
    assert.equal(steps.length, 1);
  });

  it('follows a change of them', async () => {
    let text = JSON.stringify(stage);
    const read = () => Promise.resolve({ files: [{ name: 'd.yaml', text }], revision: text });
    const plan = activity(sourceOf('', read));
    await plan({ request, identity });
    text = '{}';
    assert.match((await failureOf(plan({ request, identity }))).message, /there is no Stage "test"/);
  });

  it('prefers definitions that are sent along; the same have the same revision', async () => {
    const plan = activity(sourceOf('{}'));
    const sent = { request: { ...request, definitions: [stage] }, identity };
    const [one, other] = await Promise.all([plan(sent), plan(sent)]);
    assert.equal(one.definitions.source, 'sent along');
    assert.match(one.definitions.revision, /^[0-9a-f]{64}$/);
    assert.deepEqual(one, other);
  });

  it('plans inline steps without any definitions', async () => {
    const plan = await activity()({ request: { ...request, steps: [{ uses: 'plain' }] }, identity });
    assert.equal(plan.definitions.source, 'none');
  });

  it('fails for good with every problem in the message, and no stack', async () => {
    const sent = { ...request, freight: 'nope', steps: [{ uses: 'plian' }, { uses: 'x' }] };
    const failure = await failureOf(activity()({ request: sent, identity }));
    assert.equal(failure.type, 'InvalidPromotion');
    assert.equal(failure.nonRetryable, true);
    assert.match(
      failure.message,
      /^Invalid promotion: 3 problems:\n {2}- input: .*\n {2}- .*plian.*\n {2}- /,
    );
    assert.equal(failure.stack, '');
    assert.equal((failure.details as [string[]])[0].length, 3);
  });

  it('keeps message and details small, however much is wrong', async () => {
    const steps = Array.from({ length: 1000 }, (_, index) => ({ uses: `no-such-kind-${index}` }));
    const { message, details } = await failureOf(activity()({ request: { ...request, steps }, identity }));
    assert.match(message, /1000 problems:[^]*and 950 more$/);
    assert.ok(JSON.stringify(details).length <= 16 * 1024 + 2);
  });

  it('may be tried again when the definitions cannot be read', async () => {
    const source = sourceOf('', () => Promise.reject(new Error('no route')));
    const failure = await failureOf(activity(source)({ request, identity }));
    assert.equal(failure.nonRetryable, false);
    assert.equal(failure.message, 'no route');
  });

  it('passes on why it was cancelled', async () => {
    const reason = new Error('cancelled');
    const source = sourceOf('', (signal) => Promise.reject(signal.reason as Error));
    await assert.rejects(activity(source, AbortSignal.abort(reason))({ request, identity }), reason);
  });
});
