import assert from 'node:assert/strict';
import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/activity';
import proto from '@temporalio/proto';
import { statusQuery } from '../../src/workflows/messages.ts';
import { openPromotionRig, until, type PromotionRig } from '../support/promotion-rig.ts';
import { useTemporalServer } from '../support/temporal-server.ts';
import { createPlan } from '../workflows/scripted-effects.ts';

const list = proto.temporal.api.enums.v1.IndexedValueType.INDEXED_VALUE_TYPE_KEYWORD_LIST;
const key = 'git.test/acme/ops#7';
const other = 'git.test/acme/ops#8';

describe('the pull requests of a promotion', () => {
  let rig: PromotionRig;
  before(async () => {
    const server = await useTemporalServer();
    rig = await openPromotionRig(await server.client(), await server.nativeConnection());
  });
  after(() => rig.close());

  it('are in status, memo and search attribute from the end of the step that opened them', async () => {
    const { operatorService } = rig.client.connection;
    await operatorService.addSearchAttributes({
      namespace: 'default',
      searchAttributes: { GantryPullRequest: list },
    });
    const handle = await rig.start({
      plan: {
        ...createPlan([{ alias: 'open' }, { alias: 'wait' }]),
        searchAttributes: ['GantryPullRequest'],
      },
      acts: {
        open: async () => ({ pullRequests: [key, key, 'no key', 7 as never, `${'x'.repeat(300)}#1`] }),
        wait: async () => ({ pullRequests: [other] }),
      },
    });
    assert.deepEqual((await handle.result()).pullRequests, [key, other]);
    const { memo, typedSearchAttributes } = await handle.describe();
    assert.deepEqual(memo, { pullRequests: [key, other] });
    const [pair] = typedSearchAttributes.getAll().filter(({ key: { name } }) => name === 'GantryPullRequest');
    assert.deepEqual(pair?.value, [key, other]);
  });

  it('are in the memo where nothing is registered', async () => {
    const handle = await rig.start({
      plan: createPlan([{ alias: 'open' }]),
      acts: { open: async () => ({ pullRequests: [key] }) },
    });
    await handle.result();
    const { memo, typedSearchAttributes } = await handle.describe();
    assert.deepEqual(memo, { pullRequests: [key] });
    const names = typedSearchAttributes.getAll().map(({ key: { name } }) => name);
    assert.ok(!names.includes('GantryPullRequest'));
  });

  it('grow by those that a step says it waits for, which rings nothing', async () => {
    const looks: number[] = [];
    const handle = await rig.start({
      plan: createPlan([{ alias: 'wait', place: 'io' }]),
      acts: {
        wait: async (_run, _attempt, { client, info }) => {
          looks.push(Date.now());
          const { workflowId, runId } = info.workflowExecution!;
          await client.workflow.getHandle(workflowId, runId).signal('pullRequest', { watch: key });
          if (looks.length > 1) return undefined;
          throw stillOpen();
        },
      },
    });
    await until(async () => (await memoOf(handle)).length === 1);
    assert.deepEqual((await handle.query(statusQuery)).pullRequests, [key]);
    await handle.signal('pullRequest', { watch: 'nonsense' });
    assert.equal(looks.length, 1);
    await handle.signal('pullRequest', { number: 7 });
    await handle.result();
    assert.equal(looks.length, 2);
  });

  const hints: Record<string, readonly unknown[]> = {
    'no payload': [],
    'an object': [{ action: 'closed', number: 7 }],
    'a text': ['merged'],
    null: [null],
    several: [1, 2, 3],
  };
  for (const [name, args] of Object.entries(hints)) {
    it(`makes a step look at once that waits: ${name}`, async () => {
      let looks = 0;
      const handle = await rig.start({
        plan: createPlan([{ alias: 'wait', place: 'io' }]),
        acts: {
          wait: async () => {
            if (++looks > 1) return undefined;
            throw stillOpen();
          },
        },
      });
      await until(async () => (await pendingState(handle)) === 'SCHEDULED');
      await handle.signal('pullRequest', ...args);
      await handle.result();
    });
  }

  it('is not lost when it rings in the middle of a look', async () => {
    let looks = 0;
    const handle = await rig.start({
      plan: createPlan([{ alias: 'wait', place: 'io' }]),
      acts: {
        wait: async (_run, _attempt, { client, info }) => {
          if (++looks > 1) return undefined;
          await client.workflow.getHandle(info.workflowExecution!.workflowId).signal('pullRequest');
          await new Promise((resolve) => setTimeout(resolve, 1500));
          throw stillOpen();
        },
      },
    });
    await handle.result();
  });
});

function stillOpen(): ApplicationFailure {
  return ApplicationFailure.create({
    message: 'still open',
    type: 'NotYet',
    nextRetryDelay: '1 hour',
    category: 'BENIGN',
  });
}

async function memoOf(handle: WorkflowHandle): Promise<readonly unknown[]> {
  const { memo } = await handle.describe();
  return (memo?.['pullRequests'] ?? []) as readonly unknown[];
}

/** Of the only activity under way, once it has been tried. */
async function pendingState(handle: WorkflowHandle): Promise<string | undefined> {
  const { raw } = await handle.describe();
  const [pending] = raw.pendingActivities ?? [];
  const isTried = (pending?.attempt ?? 0) > 1;
  const state: unknown = pending?.state;
  return isTried && state === 1 ? 'SCHEDULED' : undefined;
}
