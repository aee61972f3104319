import assert from 'node:assert/strict';
import { ApplicationFailure, CancelledFailure } from '@temporalio/common';
import type { WorkflowHandle } from '@temporalio/client';
import { defineUpdate } from '@temporalio/workflow';
import type { Control } from '../../src/core/promotion/control.ts';
import type { promotion } from '../../src/workflows/index.ts';
import { statusQuery, updates } from '../../src/workflows/messages.ts';
import {
  currentDetails,
  failureOf,
  hang,
  openPromotionRig,
  stepFailure,
  until,
  type Act,
  type PromotionRig,
} from '../support/promotion-rig.ts';
import { useTemporalServer } from '../support/temporal-server.ts';
import { createPlan } from '../workflows/scripted-effects.ts';

const files = { place: 'workspace', effect: 'workspace' } as const;
const ann = { actor: 'ann' } as const;
const hold = { onFailure: 'hold' } as const;
/** What claims find: the first nothing, later ones the work of the first step. */
const keptOnDisk = [
  { uid: 'disk1', holds: [] },
  { uid: 'disk1', holds: [0] },
];

describe('operators of a promotion', () => {
  let rig: PromotionRig;
  before(async () => {
    const server = await useTemporalServer();
    rig = await openPromotionRig(await server.client(), await server.nativeConnection());
  });
  after(() => rig.close());

  it('have a held step run again, corrected, in the same run with the same files', async () => {
    const given: unknown[] = [];
    const handle = await rig.start({
      plan: createPlan([
        { ...files, alias: 'clone' },
        { ...files, alias: 'push', effect: 'external', config: { branch: 'man', force: true, depth: 1 } },
        { alias: 'say' },
      ]),
      disks: keptOnDisk,
      acts: {
        push: async ({ config, scope, retriedAt }) => {
          given.push(config);
          if (given.length === 1) throw stepFailure('Failed', 'no such branch: man');
          assert.ok(retriedAt);
          assert.deepEqual(scope.stepVars, [{ name: 'x', value: '${{ ctx.stage }}' }]);
          return { output: { commit: 'c1' } };
        },
      },
      request: hold,
    });
    await held(handle);
    const status = await handle.query(statusQuery);
    assert.equal(status.phase, 'Running');
    assert.deepEqual(
      { ...status.waitingFor, since: '' },
      { kind: 'decision', step: 'push', since: '', options: ['retry', 'skip', 'abort'] },
    );
    assert.match(
      await currentDetails(handle),
      /\*\*Held\*\* at step push since .*decide to retry, skip, abort/,
    );
    await handle.executeUpdate(updates.retry, {
      args: [
        {
          ...ann,
          reason: 'typo',
          step: 'push',
          config: { branch: 'main', depth: null },
          vars: [{ name: 'x', value: '${{ ctx.stage }}' }],
        },
      ],
    });
    const result = await handle.result();
    assert.equal(result.phase, 'Succeeded');
    assert.deepEqual(given[1], { branch: 'main', force: true });
    const record = result.stepExecutionMetadata[1];
    assert.equal(record?.status, 'Succeeded');
    assert.equal(record.message, undefined);
    assert.deepEqual(
      record.earlier?.map(({ status, message }) => [status, message]),
      [['Failed', 'no such branch: man']],
    );
    assert.deepEqual(
      result.decisions?.map(({ kind, actor, reason, step }) => [kind, actor, reason, step]),
      [['retry', 'ann', 'typo', 'push']],
    );
    assert.deepEqual(rig.calls(handle.workflowId), [
      'claim disk1',
      'run clone on gantry-ws-disk1',
      'run push on gantry-ws-disk1',
      'release',
      'claim disk1',
      'run push on gantry-ws-disk1',
      'run say on gantry',
      'remove',
    ]);
    assert.match(await currentDetails(handle), /ann: retry push/);
  });

  it('hold it again as often as it fails, and leave it out in the end', async () => {
    const handle = await rig.start({
      plan: createPlan([{ alias: 'check' }, { alias: 'say', config: { x: '${{ outputs.check.n }}' } }]),
      acts: {
        check: () => Promise.reject(stepFailure('Errored', 'the tests are red')),
        say: async ({ scope }) => ({ output: { given: scope.outputs } }),
      },
      request: hold,
    });
    for (let times = 1; times <= 6; times++) {
      await held(handle);
      assert.equal(rig.calls(handle.workflowId).length, times);
      await handle.executeUpdate(updates.retry, { args: [ann] });
    }
    await held(handle);
    await handle.executeUpdate(updates.skip, {
      args: [{ ...ann, reason: 'flaky', step: 'check', outputs: { n: 7 } }],
    });
    const result = await handle.result();
    assert.equal(result.phase, 'Succeeded');
    assert.equal(result.message, 'skipped by ann: flaky');
    const record = result.stepExecutionMetadata[0];
    assert.equal(record?.status, 'Skipped');
    assert.equal(record.earlier?.length, 5);
    assert.deepEqual(result.state, { check: { n: 7 }, say: { given: { check: { n: 7 } } } });
  });

  it('abort what is held: then steps for failures run', async () => {
    const handle = await rig.start({
      plan: createPlan([
        { alias: 'check' },
        { alias: 'next' },
        { alias: 'tell', if: '${{ failure() }}' },
        { alias: 'tidy', if: '${{ always() }}' },
        { alias: 'praise', if: '${{ success() }}' },
      ]),
      acts: { check: () => Promise.reject(stepFailure('Failed', 'no')) },
      request: hold,
    });
    await held(handle);
    await handle.executeUpdate(updates.abort, { args: [{ ...ann, reason: 'enough' }] });
    assert.ok((await failureOf(handle)) instanceof CancelledFailure);
    const status = await handle.query(statusQuery);
    assert.equal(status.phase, 'Aborted');
    assert.equal(status.waitingFor, undefined);
    assert.deepEqual(
      status.stepExecutionMetadata.map((record) => record.status),
      ['Failed', 'Skipped', 'Succeeded', 'Succeeded', 'Skipped'],
    );
  });

  it('have as long as the promotion has', async () => {
    const handle = await rig.start({
      plan: createPlan([{ alias: 'check' }, { alias: 'tell', if: '${{ failure() }}' }]),
      acts: { check: () => Promise.reject(stepFailure('Failed', 'no')) },
      request: { ...hold, timeout: '1s' },
    });
    const failure = await failureOf(handle);
    assert.equal(failure?.message, 'Promotion timed out after 1s');
    assert.deepEqual(
      (await handle.query(statusQuery)).stepExecutionMetadata.map((record) => record.status),
      ['Failed', 'Succeeded'],
    );
  });

  it('are asked neither where failures are tolerated nor where they are not to hold', async () => {
    const acts = { check: () => Promise.reject(stepFailure('Failed', 'no')) };
    const tolerant = await rig.start({
      plan: createPlan([{ alias: 'check', continueOnError: true }, {}]),
      acts,
      request: hold,
    });
    assert.equal((await tolerant.result()).phase, 'Succeeded');
    const plain = await rig.start({ plan: createPlan([{ alias: 'check' }]), acts });
    assert.equal((await failureOf(plain))?.message, 'no');
  });

  it('decide about a condition that could not be decided', async () => {
    const handle = await rig.start({
      plan: createPlan([{ alias: 'check', if: '${{ vars.go }}' }]),
      request: hold,
    });
    await held(handle);
    await handle.executeUpdate(updates.retry, {
      args: [{ ...ann, vars: [{ name: 'go', value: '${{ true }}' }] }],
    });
    const { stepExecutionMetadata } = await handle.result();
    assert.equal(stepExecutionMetadata[0]?.status, 'Succeeded');
    assert.equal(stepExecutionMetadata[0].retriedAt, undefined);
  });

  it('pause before the next step and resume, with the lease given back', async () => {
    const gate = createGate();
    const handle = await rig.start({
      plan: createPlan([
        { ...files, alias: 'a' },
        { ...files, alias: 'b' },
      ]),
      disks: keptOnDisk,
      acts: { a: gate.act },
    });
    await until(() => rig.calls(handle.workflowId).includes('run a on gantry-ws-disk1'));
    await handle.executeUpdate(updates.pause, { args: [{ ...ann, reason: 'freeze' }] });
    const early = await handle.query(statusQuery);
    assert.equal(early.paused?.actor, 'ann');
    assert.equal(early.waitingFor, undefined);
    gate.open();
    await until(async () => (await handle.query(statusQuery)).waitingFor?.kind === 'resume');
    const paused = await handle.query(statusQuery);
    assert.equal(paused.phase, 'Running');
    assert.deepEqual(paused.waitingFor, { kind: 'resume', ...paused.paused });
    assert.match(await currentDetails(handle), /\*\*Paused\*\* by ann since .*: freeze/);
    await until(() => rig.calls(handle.workflowId).includes('release'));
    await handle.executeUpdate(updates.resume, { args: [{ actor: 'bob' }] });
    const result = await handle.result();
    assert.equal(result.phase, 'Succeeded');
    assert.equal(result.paused, undefined);
    assert.deepEqual(rig.calls(handle.workflowId), [
      'claim disk1',
      'run a on gantry-ws-disk1',
      'release',
      'claim disk1',
      'run b on gantry-ws-disk1',
      'remove',
    ]);
    assert.deepEqual(
      result.decisions?.map(({ kind, actor, step }) => [kind, actor, step]),
      [
        ['pause', 'ann', 'a'],
        ['resume', 'bob', undefined],
      ],
    );
  });

  it('pause what is being planned, and abort what is paused', async () => {
    const gate = createGate();
    let plans = 0;
    const handle = await rig.start({
      plan: () => {
        if (plans++ === 0) throw new Error('the repository cannot be reached');
        return createPlan([{ alias: 'a' }, { alias: 'tidy', if: '${{ always() }}' }]);
      },
      acts: { a: gate.act },
    });
    await handle.executeUpdate(updates.pause, { args: [ann] });
    await until(async () => (await handle.query(statusQuery)).waitingFor?.kind === 'resume');
    assert.deepEqual(rig.calls(handle.workflowId), []);
    await handle.cancel();
    assert.ok((await failureOf(handle)) instanceof CancelledFailure);
    assert.deepEqual(rig.calls(handle.workflowId), ['run tidy on gantry']);
  });

  it('have a waiting step look at once: its journal and its deadline stay', async () => {
    const seen: { attempt: number; details: unknown; deadline: string | undefined }[] = [];
    const retry = { errorThreshold: 3, timeout: 3_600_000, backoff: { initial: 1, factor: 1, max: 1 } };
    const handle = await rig.start({
      plan: createPlan([{ alias: 'wait', place: 'io', retry }]),
      acts: {
        wait: async ({ deadline }, attempt, context) => {
          seen.push({ attempt, details: context.info.heartbeatDetails, deadline });
          if (seen.length === 3) return undefined;
          context.heartbeat({ looks: seen.length });
          throw ApplicationFailure.create({
            message: 'still open',
            type: 'NotYet',
            nextRetryDelay: '1 hour',
            category: 'BENIGN',
          });
        },
      },
    });
    for (const times of [1, 2]) {
      await until(async () => seen.length === times && (await isBackingOff(handle)));
      await handle.executeUpdate(updates.refresh, { args: [ann] });
    }
    await handle.result();
    assert.deepEqual(
      seen.map(({ details }) => details),
      [undefined, { looks: 1 }, { looks: 2 }],
    );
    assert.equal(new Set(seen.map(({ deadline }) => deadline)).size, 1);
    const { events } = await handle.fetchHistory();
    const scheduled = events?.filter(
      ({ activityTaskScheduledEventAttributes: it }) => it?.activityId === '0-wait',
    );
    assert.equal(scheduled?.length, 1);
  });

  it('have only one of two decisions taken that come at once', async () => {
    const handle = await rig.start({
      plan: createPlan([{ alias: 'check' }, {}]),
      acts: { check: () => Promise.reject(stepFailure('Failed', 'no')) },
      request: hold,
    });
    await held(handle);
    const both = await Promise.allSettled([
      handle.executeUpdate(updates.skip, { args: [ann] }),
      handle.executeUpdate(updates.skip, { args: [{ actor: 'bob' }] }),
    ]);
    assert.deepEqual(both.map((end) => end.status).sort(), ['fulfilled', 'rejected']);
    assert.equal((await handle.result()).decisions?.length, 1);
  });

  it('learn why something cannot be done, and what can', async () => {
    const gate = createGate();
    const handle = await rig.start({
      plan: createPlan([{ alias: 'a' }, { alias: 'check' }, { alias: 'last' }]),
      acts: { a: gate.act, check: () => Promise.reject(stepFailure('Failed', 'no')), last: hang },
      request: hold,
    });
    await until(() => rig.calls(handle.workflowId).includes('run a on gantry'));
    const running = /the promotion runs step "a"; possible now: abort, refresh, pause$/;
    for (const kind of ['retry', 'skip', 'resume'] as const) await refused(handle, kind, ann, running);
    await refused(handle, 'pause', {}, /^pause: "actor" is missing: say who asks$/);
    await refused(handle, 'pause', undefined, /^pause: it takes one object such as \{"actor"/);
    gate.open();
    await held(handle);
    const heldText = /the promotion is held at step "check"; possible now: retry, skip, abort, pause$/;
    for (const kind of ['refresh', 'resume'] as const) await refused(handle, kind, ann, heldText);
    await refused(
      handle,
      'retry',
      { ...ann, step: 'a' },
      /^retry: the promotion is held at step "check", not at "a"$/,
    );
    const config = { x: '${{ 1 + }}', y: '${{ nope( }}' };
    await refused(
      handle,
      'retry',
      { ...ann, config },
      /^retry: 2 problems:\n {2}- config: .*\n {2}- config: /,
    );
    await refused(handle, 'skip', { ...ann, outputs: { t: 'x'.repeat(300_000) } }, /"outputs" has 293 KiB/);
    assert.equal((await handle.query(statusQuery)).decisions, undefined);
    await handle.executeUpdate(updates.skip, { args: [ann] });
    await until(() => rig.calls(handle.workflowId).includes('run last on gantry'));
    await refused(handle, 'pause', ann, /runs step "last", its last; possible now: abort, refresh$/);
    await handle.executeUpdate(updates.abort, { args: [ann] });
    await failureOf(handle);
    await assert.rejects(handle.executeUpdate(updates.abort, { args: [ann] }));
  });

  it('operate what was reset as well', async () => {
    const handle = await rig.start({
      plan: createPlan([{ alias: 'a' }, { alias: 'check' }]),
      acts: { check: () => Promise.reject(stepFailure('Failed', 'no')) },
      request: hold,
    });
    await held(handle);
    const { events } = await handle.fetchHistory();
    const planned = events?.filter((event) => event.workflowTaskCompletedEventAttributes)[1];
    const { workflowId, client } = handle;
    await client.workflowService.resetWorkflowExecution({
      namespace: 'default',
      workflowExecution: { workflowId },
      reason: 'again',
      requestId: workflowId,
      workflowTaskFinishEventId: planned?.eventId ?? null,
    });
    const reset = client.getHandle<typeof promotion>(workflowId);
    await until(() => rig.calls(workflowId).filter((call) => call.startsWith('run check')).length === 2);
    await held(reset);
    await reset.executeUpdate(updates.skip, { args: [ann] });
    assert.equal((await reset.result()).phase, 'Succeeded');
  });
});

async function held(handle: WorkflowHandle): Promise<void> {
  await until(async () => (await handle.query(statusQuery)).waitingFor?.kind === 'decision');
}

async function refused(handle: WorkflowHandle, kind: Control, call: unknown, why: RegExp): Promise<void> {
  await assert.rejects(
    handle.executeUpdate(defineUpdate<void>(kind), { args: (call === undefined ? [] : [call]) as [] }),
    ({ cause }: Error) => {
      assert.ok(cause instanceof ApplicationFailure);
      assert.equal(cause.type, 'Refused');
      assert.match(cause.message, why);
      return true;
    },
  );
}

async function isBackingOff(handle: WorkflowHandle): Promise<boolean> {
  const { raw } = await handle.describe();
  return raw.pendingActivities?.some(({ lastFailure, state }) => lastFailure && Number(state) === 1) ?? false;
}

function createGate(): { readonly act: Act; open(): void } {
  let open = () => {};
  const opened = new Promise<void>((resolve) => (open = resolve));
  return {
    act: async () => {
      await opened;
      return undefined;
    },
    open: () => open(),
  };
}
