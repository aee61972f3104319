import assert from 'node:assert/strict';
import { ApplicationFailure } from '@temporalio/activity';
import proto from '@temporalio/proto';
import { defineUpdate } from '@temporalio/workflow';
import { CancelledFailure } from '@temporalio/common';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';
import { statusQuery, updates } from '../../src/workflows/messages.ts';
import {
  currentDetails,
  failureOf,
  hang,
  openPromotionRig,
  stepFailure,
  until,
  type PromotionRig,
} from '../support/promotion-rig.ts';
import { useTemporalServer } from '../support/temporal-server.ts';
import { createPlan } from '../workflows/scripted-effects.ts';

const keyword = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD;
const unchecked = defineUpdate<void>('abort');
const files = { place: 'workspace', effect: 'workspace' } as const;

describe('the promotion workflow', () => {
  let rig: PromotionRig;
  before(async () => {
    const server = await useTemporalServer();
    rig = await openPromotionRig(await server.client(), await server.nativeConnection());
  });
  after(() => rig.close());

  it('completes with the status of a promotion that succeeded', async () => {
    const commit = {
      step: 'push',
      repoURL: 'https://git.test/a',
      branch: 'stage/test',
      sha: 'abcdef1234',
      url: 'https://git.test/a/abcdef1234',
    };
    const handle = await rig.start({
      plan: createPlan([
        { ...files, alias: 'clone', uses: 'git-clone' },
        { ...files, alias: 'push', uses: 'git-push', effect: 'external' },
        { alias: 'say', uses: 'compose-output', config: { sha: '${{ outputs.push.commit }}' } },
      ]),
      acts: {
        push: async () => ({ output: { commit: 'abcdef1234' }, commits: [commit] }),
        say: async (run) => ({ output: { given: run.scope.outputs } }),
      },
      request: { actor: 'alice' },
    });
    const result = await handle.result();
    assert.equal(result.phase, 'Succeeded');
    assert.equal(result.actor, 'alice');
    assert.match(result.name, /^test\.[0-9a-z]{26}\.f000001$/);
    assert.deepEqual(result.state, {
      clone: null,
      push: { commit: 'abcdef1234' },
      say: { given: { push: { commit: 'abcdef1234' } } },
    });
    assert.deepEqual(result.commits, [commit]);
    assert.deepEqual(rig.calls(handle.workflowId), [
      'claim disk1',
      'run clone on gantry-ws-disk1',
      'run push on gantry-ws-disk1',
      'run say on gantry',
      'remove',
    ]);
    assert.deepEqual(await handle.query(statusQuery), result);
    const details = await currentDetails(handle);
    assert.match(details, /^\*\*Succeeded\*\*: calm-crow \(f000001\) to test of demo for alice/);
    assert.match(details, /\| Succeeded \| push \| git-push \| does push \| \[stage\/test@abcdef1\]\(https:/);
  });

  it('costs at most seven events a step', async () => {
    const count = async (steps: number) => {
      const handle = await rig.start({
        plan: createPlan(Array.from({ length: steps }, () => ({ ...files }))),
      });
      await handle.result();
      return (await handle.fetchHistory()).events?.length ?? 0;
    };
    const [two, twelve] = [await count(2), await count(12)];
    assert.ok((twelve - two) / 10 <= 7, `${two} events for 2 steps, ${twelve} for 12`);
    assert.ok(two <= 2 * 7 + 22, `${two} events for 2 steps`);
    const hundred = two + Math.ceil(((twelve - two) / 10) * 98);
    assert.ok(hundred < 800, `${hundred} events for 100 steps`);
  });

  it('shows each step in the history by its name, alias and summary', async () => {
    const plan = createPlan([
      { ...files, alias: 'clone', uses: 'git-clone', summary: 'clones the repository' },
    ]);
    const handle = await rig.start({ plan });
    await handle.result();
    const { events } = await handle.fetchHistory();
    const scheduled = events?.filter(
      ({ activityTaskScheduledEventAttributes: it }) => it?.activityType?.name === 'git-clone',
    );
    const attributes = scheduled?.[0]?.activityTaskScheduledEventAttributes;
    assert.equal(attributes?.activityId, '0-clone');
    assert.equal(attributes?.taskQueue?.name, 'gantry-ws-disk1');
    assert.equal(String(scheduled?.[0]?.userMetadata?.summary?.data), '"clones the repository"');
  });

  it('fails with the message and the result of a promotion that failed', async () => {
    for (const status of ['Failed', 'Errored'] as const) {
      const handle = await rig.start({
        plan: createPlan([{ alias: 'a' }, { alias: 'b' }]),
        acts: { a: () => Promise.reject(stepFailure(status, 'the tests are red')) },
      });
      const failure = await failureOf(handle);
      assert.ok(failure instanceof ApplicationFailure);
      assert.equal(failure.type, `Promotion${status}`);
      assert.equal(failure.message, 'the tests are red');
      assert.equal(failure.nonRetryable, true);
      const result = failure.details?.[0] as PromotionStatus;
      assert.equal(result.phase, status);
      assert.deepEqual(
        result.stepExecutionMetadata.map((record) => record.status),
        [status, 'Skipped'],
      );
      assert.deepEqual(await handle.query(statusQuery), result);
    }
  });

  it('passes on what the planner found wrong', async () => {
    const handle = await rig.start({
      plan: () => {
        throw ApplicationFailure.nonRetryable(
          'Invalid promotion: 1 problem:\n  - a.yaml:1:1: no',
          'InvalidPromotion',
          { at: 1 },
        );
      },
    });
    const failure = await failureOf(handle);
    assert.ok(failure instanceof ApplicationFailure);
    assert.equal(failure.type, 'InvalidPromotion');
    assert.equal(failure.message, 'Invalid promotion: 1 problem:\n  - a.yaml:1:1: no');
    assert.deepEqual(failure.details, [{ at: 1 }]);
    assert.equal((await handle.query(statusQuery)).phase, 'Errored');
  });

  for (const by of ['update', 'cancel'] as const) {
    it(`is aborted by ${by}: the step ends first, then what always runs, and it closes as CANCELED`, async () => {
      const order: string[] = [];
      const handle = await rig.start({
        plan: createPlan([
          { ...files, alias: 'slow' },
          { alias: 'next' },
          { alias: 'tidy', if: '${{ always() }}' },
        ]),
        acts: {
          slow: async () => {
            try {
              return await hang();
            } finally {
              await new Promise((resolve) => setTimeout(resolve, 200));
              order.push('slow ended');
            }
          },
          tidy: async () => {
            order.push('tidied');
            return {};
          },
        },
      });
      await until(() => rig.calls(handle.workflowId).includes('run slow on gantry-ws-disk1'));
      if (by === 'cancel') await handle.cancel();
      else await handle.executeUpdate(updates.abort, { args: [{ actor: 'ann', reason: 'wrong tag' }] });
      assert.ok((await failureOf(handle)) instanceof CancelledFailure);
      assert.equal((await handle.describe()).status.name, 'CANCELLED');
      const status = await handle.query(statusQuery);
      assert.equal(status.phase, 'Aborted');
      assert.equal(
        status.message,
        by === 'cancel'
          ? 'Promotion terminated by an unknown actor'
          : 'Promotion terminated by ann: wrong tag',
      );
      assert.deepEqual(
        status.stepExecutionMetadata.map((record) => record.status),
        ['Aborted', 'Skipped', 'Succeeded'],
      );
      assert.deepEqual(order, ['slow ended', 'tidied']);
      assert.equal(rig.calls(handle.workflowId).at(-1), 'remove');
      assert.match(await currentDetails(handle), /^\*\*Aborted\*\*/);
    });
  }

  it('is aborted while it is being planned, or before it began', async () => {
    let plans = 0;
    const unreachable = () => {
      plans++;
      throw new Error('the repository cannot be reached');
    };
    const early = await rig.start({ plan: unreachable });
    await early.executeUpdate(updates.abort, { args: [{ actor: 'ann' }] });
    assert.ok((await failureOf(early)) instanceof CancelledFailure);
    const before = plans;
    const handle = await rig.start({ plan: unreachable });
    await until(() => plans > before);
    await handle.executeUpdate(updates.abort, { args: [{ actor: 'ann' }] });
    assert.ok((await failureOf(handle)) instanceof CancelledFailure);
    const status = await handle.query(statusQuery);
    assert.equal(status.phase, 'Aborted');
    assert.deepEqual(status.stepExecutionMetadata, []);
  });

  it('refuses an abort that nobody signs, or that comes too late', async () => {
    const handle = await rig.start({ plan: createPlan([{ alias: 'slow' }]), acts: { slow: hang } });
    const refusals: [[unknown?], RegExp][] = [
      [[], /abort: it takes one object such as \{"actor".*, not nothing/],
      [['ann'], /abort: it takes one object .*, not a text/],
      [[{ reason: 'no' }], /"actor" is missing: say who asks/],
      [[{ actor: ' ' }], /"actor" is blank: say who asks/],
      [[{ actor: 'ann', why: 'no' }], /unknown field "why"/],
      [[{ actor: 'ann', reason: 7 }], /"reason" must be text/],
    ];
    for (const [args, message] of refusals) {
      await assert.rejects(handle.executeUpdate(unchecked, { args: args as [] }), (error: Error) =>
        message.test(String(error.cause)),
      );
    }
    await handle.executeUpdate(updates.abort, { args: [{ actor: 'ann' }] });
    await failureOf(handle);
    await assert.rejects(handle.executeUpdate(updates.abort, { args: [{ actor: 'bob' }] }));
  });

  it('ignores bells, whatever they bring', async () => {
    const handle = await rig.start({
      plan: createPlan([{ alias: 'slow' }]),
      acts: {
        slow: async () => {
          await new Promise((resolve) => setTimeout(resolve, 300));
          return {};
        },
      },
    });
    await handle.signal('pullRequest', { number: 7 });
    await handle.signal('pullRequest');
    await handle.signal('no-such-signal', 1, 2, 3);
    assert.equal((await handle.result()).phase, 'Succeeded');
  });

  it('waits without a trace in the history', async () => {
    const handle = await rig.start({
      plan: createPlan([{ alias: 'wait', place: 'io' }]),
      acts: {
        wait: async (_run, attempt) => {
          if (attempt > 20) return undefined;
          throw ApplicationFailure.create({
            message: 'still open',
            type: 'NotYet',
            nextRetryDelay: '20 milliseconds',
            category: 'BENIGN',
          });
        },
      },
    });
    await until(async () => (await handle.query(statusQuery)).waitingFor?.kind === 'step');
    await handle.result();
    assert.ok(((await handle.fetchHistory()).events?.length ?? 0) <= 18);
    assert.equal((await handle.query(statusQuery)).waitingFor, undefined);
  });

  it('makes lost files again on another disk', async () => {
    let losses = 0;
    const handle = await rig.start({
      plan: createPlan([
        { ...files, alias: 'clone' },
        { ...files, alias: 'push', effect: 'external' },
        { ...files, alias: 'build' },
      ]),
      disks: [
        { uid: 'disk1', holds: [] },
        { uid: 'disk2', holds: [] },
      ],
      acts: {
        clone: async () => ({ output: { commit: 'c1' } }),
        build: async () => {
          if (losses++ > 0) return undefined;
          throw ApplicationFailure.nonRetryable('no such folder', 'WorkspaceLost');
        },
      },
    });
    assert.equal((await handle.result()).phase, 'Succeeded');
    assert.deepEqual(rig.calls(handle.workflowId), [
      'claim disk1',
      'run clone on gantry-ws-disk1',
      'run push on gantry-ws-disk1',
      'run build on gantry-ws-disk1',
      'claim disk2',
      'again clone on gantry-ws-disk2',
      'run build on gantry-ws-disk2',
      'remove',
    ]);
  });

  it('goes to any other disk when the one it had will not have it back', async () => {
    const handle = await rig.start({
      plan: createPlan([{ ...files, alias: 'a' }, { place: 'io' }, { ...files, alias: 'b' }]),
      disks: [
        { uid: 'disk1', holds: [] },
        { uid: 'disk2', holds: [0] },
      ],
      forgetful: true,
    });
    assert.equal((await handle.result()).phase, 'Succeeded');
    assert.deepEqual(rig.calls(handle.workflowId), [
      'claim disk1',
      'run a on gantry-ws-disk1',
      'release',
      'run step-2 on gantry-io',
      'refused by gantry-ws-disk1',
      'claim disk2',
      'run b on gantry-ws-disk2',
      'remove',
    ]);
  });

  it('asks an activity about a condition that reads a secret', async () => {
    const handle = await rig.start({
      plan: createPlan([{ alias: 'a', if: "${{ secret('s').k == 'x' }}" }]),
      condition: ({ scope }) => scope.alias !== 'a',
    });
    assert.deepEqual((await handle.result()).stepExecutionMetadata[0]?.status, 'Skipped');
    assert.deepEqual(rig.calls(handle.workflowId), ['condition a']);
  });

  it('ends a promotion whose time is up', async () => {
    const handle = await rig.start({
      plan: createPlan([{ alias: 'slow' }, { alias: 'tidy', if: '${{ always() }}' }]),
      acts: { slow: hang },
      request: { timeout: '1s' },
    });
    const failure = await failureOf(handle);
    assert.equal(failure?.message, 'Promotion timed out after 1s');
    assert.deepEqual(
      (await handle.query(statusQuery)).stepExecutionMetadata.map((record) => record.status),
      ['Errored', 'Succeeded'],
    );
  });

  it('ends a step that cannot end itself shortly after its deadline, with its last error', async () => {
    const retry = { errorThreshold: 100, timeout: 500, backoff: { initial: 1, factor: 1, max: 1 } };
    const handle = await rig.start({
      plan: createPlan([{ alias: 'a', retry }]),
      acts: {
        a: () =>
          Promise.reject(
            ApplicationFailure.create({ message: 'still closed', type: 'NotYet', nextRetryDelay: '1 hour' }),
          ),
      },
    });
    assert.equal((await failureOf(handle))?.message, 'step "a" timed out after 500ms: still closed');
  });

  it('fits whatever a plan holds into what the server takes', async () => {
    const wild = { errorThreshold: -3, timeout: 9e12, backoff: { initial: -5, factor: 0, max: Number.NaN } };
    const tiny = { errorThreshold: 0, timeout: 1e-6, backoff: { initial: 1e300, factor: 1e300, max: 1e-9 } };
    const handle = await rig.start({
      plan: createPlan([
        { alias: `${'é'.repeat(5000)}\ud800\u0000`, summary: `${'x'.repeat(100_000)}\udfff`, retry: wild },
        { alias: '__proto__', uses: 'constructor', retry: tiny, continueOnError: true },
        { alias: 'hasOwnProperty', uses: 'toString', if: '${{ always() }}' },
      ]),
      acts: { hasOwnProperty: () => Promise.reject(stepFailure('Failed', 'no')) },
    });
    assert.equal((await failureOf(handle))?.message, 'no');
  });

  it('keeps a result and its details within bounds', async () => {
    const text = 'x'.repeat(100 * 1024);
    const handle = await rig.start({
      plan: createPlan([{ alias: 'a' }, { alias: 'b' }, { alias: 'c' }]),
      acts: Object.fromEntries(['a', 'b', 'c'].map((alias) => [alias, async () => ({ output: { text } })])),
    });
    assert.equal((await handle.result()).state, undefined);
    const failing = await rig.start({
      plan: createPlan(
        Array.from({ length: 60 }, () => ({ continueOnError: true })).concat([{ continueOnError: false }]),
      ),
      acts: Object.fromEntries(
        Array.from({ length: 61 }, (_, index) => [
          `step-${index + 1}`,
          () => Promise.reject(stepFailure('Failed', 'm'.repeat(3000))),
        ]),
      ),
    });
    const failure = await failureOf(failing);
    assert.ok(failure instanceof ApplicationFailure);
    const [details] = failure.details ?? [];
    const size = JSON.stringify(details).length;
    assert.ok(size <= 16 * 1024, `${size} bytes`);
    assert.equal((details as PromotionStatus).stepExecutionMetadata.length, 61);
  });

  it('is found by the search attributes that exist, and minds no others', async () => {
    const { connection } = rig.client;
    await connection.operatorService.addSearchAttributes({
      namespace: 'default',
      searchAttributes: { GantryPhase: keyword, GantryActor: keyword },
    });
    const searchAttributes = ['GantryPhase', 'GantryActor'];
    const handle = await rig.start({
      plan: { ...createPlan([{}]), searchAttributes },
      request: { actor: 'a'.repeat(100) },
    });
    await handle.result();
    const { typedSearchAttributes } = await handle.describe();
    const found = typedSearchAttributes.getAll().map(({ key, value }) => [key.name, value] as const);
    assert.deepEqual(Object.fromEntries(found.filter(([name]) => name.startsWith('Gantry'))), {
      GantryActor: 'a'.repeat(100),
      GantryPhase: 'Succeeded',
    });
  });
});
