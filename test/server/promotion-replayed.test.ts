import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import type { WorkflowHandle } from '@temporalio/client';
import { statusQuery, updates } from '../../src/workflows/messages.ts';
import { shapes, shortHistory } from '../histories/shapes.ts';
import { openOwnServer } from '../support/own-server.ts';
import { failureOf, hang, stepFailure, until, type PromotionRig } from '../support/promotion-rig.ts';
import { createPlan } from '../workflows/scripted-effects.ts';

const files = { place: 'workspace', effect: 'workspace' } as const;
const ann = { actor: 'ann' } as const;

/** Nothing is cached, so every workflow task replays everything before it; and histories are cut short. */
describe('promotions whose every task replays, in many histories', function () {
  this.timeout(120_000);
  let rig: PromotionRig;
  let close = async () => {};
  before(async () => {
    ({ rig, close } = await openOwnServer({ historyLength: shortHistory, maxCachedWorkflows: 0 }));
  });
  after(() => close());

  for (const name of Object.keys(shapes)) {
    it(`ends ${name} as it was recorded, without a failing workflow task`, async () => {
      const { workflowId, client } = await shapes[name]!(rig);
      const handle = client.getHandle(workflowId);
      const recorded = recordedEnd(name === 'long' ? 'continued' : name);
      const { events } = await handle.fetchHistory();
      assert.equal(endOf(events?.at(-1) ?? {}), recorded);
      for (const run of await runsOf(handle)) {
        const history = await client.getHandle(workflowId, run).fetchHistory();
        const failed = history.events?.filter((event) => event.workflowTaskFailedEventAttributes) ?? [];
        assert.deepEqual(
          failed.map((event) => event.workflowTaskFailedEventAttributes?.failure),
          [],
        );
      }
    });
  }

  it('forgets nothing in a new history', async () => {
    const failing = new Set(['fails']);
    const fillers = (name: string) =>
      Array.from({ length: 12 }, (_, index) => ({ alias: `${name}${index}` }));
    const handle = await rig.start({
      plan: {
        ...createPlan([
          { ...files, alias: 'clone' },
          ...fillers('a'),
          { alias: 'fails', config: { fix: false } },
          ...fillers('b'),
          { ...files, alias: 'build', config: { seen: '${{ outputs.clone.commit }}' } },
        ]),
        searchAttributes: [],
      },
      disks: [
        { uid: 'disk1', holds: [] },
        { uid: 'disk1', holds: [0] },
      ],
      acts: {
        clone: async () => ({ output: { commit: 'c1' } }),
        fails: async ({ config }) => {
          if (config['fix']) failing.clear();
          if (failing.size > 0) throw stepFailure('Failed', 'not yet right');
          return undefined;
        },
        a5: async () => {
          await handle.executeUpdate(updates.pause, { args: [{ ...ann, reason: 'freeze' }] });
          return undefined;
        },
        build: async ({ scope, workspace }) => ({
          output: { ...scope.outputs['clone'], at: workspace?.uid ?? '' },
        }),
      },
      request: { actor: 'alice', timeout: '1h', onFailure: 'hold' },
    });
    await until(async () => (await handle.query(statusQuery)).waitingFor?.kind === 'resume');
    const before = await handle.query(statusQuery);
    await handle.executeUpdate(updates.resume, { args: [ann] });
    // A hundred more events while it is held: the new history begins there, still held.
    const retry = (more: object) =>
      until(async () => {
        if ((await handle.query(statusQuery)).waitingFor?.kind !== 'decision') return false;
        // A status of a workflow that is not cached shows what no task has dealt with yet. An update that comes together
        // with that task is seen before the end of the step, and refused.
        return handle.executeUpdate(updates.retry, { args: [{ ...ann, ...more }] }).then(
          () => true,
          (error: Error) => {
            assert.match(String(error.cause), /cannot retry: the promotion runs step "fails"/);
            return false;
          },
        );
      });
    for (let times = 0; times < 10; times++) await retry({ reason: `try ${times}` });
    await retry({ config: { fix: true } });
    const result = await handle.result();
    assert.ok((await runsOf(handle)).length >= 4);
    assert.equal(result.phase, 'Succeeded');
    assert.equal(result.name, before.name);
    assert.equal(result.startedAt, before.startedAt);
    assert.equal(result.actor, 'alice');
    assert.equal(result.stepExecutionMetadata.length, 27);
    assert.equal(result.stepExecutionMetadata[13]?.earlier?.length, 5);
    assert.deepEqual(
      result.decisions?.map(({ kind }) => kind),
      ['pause', 'resume', ...Array.from({ length: 11 }, () => 'retry')],
    );
    assert.deepEqual(result.state?.['build'], { commit: 'c1', at: 'disk1' });
    assert.deepEqual(
      rig.calls(handle.workflowId).filter((call) => /claim|release|remove|clone|build/.test(call)),
      [
        'claim disk1',
        'run clone on gantry-ws-disk1',
        'release',
        'claim disk1',
        'run build on gantry-ws-disk1',
        'remove',
      ],
    );
  });

  it('keeps a stop and the time that is left', async () => {
    const many = Array.from({ length: 30 }, (_, index) => ({ alias: `s${index}`, if: '${{ always() }}' }));
    const aborted = await rig.start({
      plan: createPlan([{ alias: 'first' }, ...many]),
      acts: {
        first: async () => {
          await aborted.executeUpdate(updates.abort, { args: [ann] });
          return undefined;
        },
      },
    });
    await failureOf(aborted);
    const status = await aborted.query(statusQuery);
    assert.equal(status.phase, 'Aborted');
    const always = status.stepExecutionMetadata.slice(1);
    assert.equal(always.filter((record) => record.status === 'Succeeded').length, 30);
    assert.ok((await runsOf(aborted)).length >= 3);

    const late = await rig.start({
      plan: createPlan([...Array.from({ length: 25 }, () => ({})), { alias: 'slow' }]),
      acts: { slow: hang },
      request: { timeout: '8s' },
    });
    const failure = await failureOf(late);
    assert.equal(failure?.message, 'Promotion timed out after 8s');
    assert.ok((await runsOf(late)).length >= 2);
  });
});

/** Ids of all runs of a workflow, newest first. */
async function runsOf({ workflowId, client }: WorkflowHandle): Promise<readonly string[]> {
  const runs: string[] = [];
  let run: string | undefined = (await client.getHandle(workflowId).describe()).runId;
  while (run) {
    runs.push(run);
    const { events } = await client.getHandle(workflowId, run).fetchHistory();
    run = events?.[0]?.workflowExecutionStartedEventAttributes?.continuedExecutionRunId ?? undefined;
  }
  return runs;
}

function recordedEnd(name: string): string {
  const text = readFileSync(new URL(`../histories/${name}.json`, import.meta.url), 'utf8');
  const { events } = JSON.parse(text) as { events: readonly object[] };
  return endOf(events.at(-1) ?? {});
}

/** The name of the attributes tells what kind of event it is. */
function endOf(event: object): string {
  return Object.entries(event).find(([key, value]) => key.endsWith('EventAttributes') && value)?.[0] ?? '';
}
