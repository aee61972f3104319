import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { NotYet } from '../../src/core/errors.ts';
import type { PlanCall } from '../../src/core/promotion/calls.ts';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';
import { updates } from '../../src/workflows/messages.ts';
import { until } from '../support/promotion-rig.ts';
import { useTemporalServer } from '../support/temporal-server.ts';
import { planOf, promote, startRig, stepThat, type WorkerRig } from './worker-rig.ts';

/** A look every 5 minutes for a day, milliseconds apart here. `npm run bench -- wait/month` has the 8640 of a month. */
const lastLook = 24 * 12;
const hour = 3_600_000;
const pace = { first: 1, shortest: 1, longest: 1 };

const idle = () => {};

describe('a promotion that waits', function () {
  this.timeout(120_000);
  let client: Client;
  let rig: WorkerRig;
  let root: string;
  let looks = 0;
  const cutOff: boolean[] = [];
  let endAttempt = idle;

  before(async function () {
    const server = await useTemporalServer();
    client = await server.client();
    root = await mkdtemp(join(tmpdir(), 'gantry-wait-'));
    const wait = stepThat(
      () => {
        if ((looks += 1) > lastLook) return { output: { looks } };
        throw new NotYet('it is open', looks === lastLook ? hour : 1);
      },
      'io',
      'wait-long',
    );
    const slowly = stepThat(
      async ({ signal }) => {
        if (cutOff.length > 0) return {};
        await new Promise<void>((resolve) => (endAttempt = resolve));
        cutOff.push(signal.aborted);
        throw new NotYet('it is open', hour);
      },
      'io',
      'look-slowly',
    );
    const steps = [wait, slowly];
    const plan = ({ request }: PlanCall) =>
      Promise.resolve(planOf(steps.filter(({ kind }) => request.steps?.some(({ uses }) => uses === kind))));
    rig = await startRig(server, root, steps, { pace, plan });
  });

  after(async () => {
    await rig.stop(true);
    await rm(root, { recursive: true, force: true });
  });

  it('adds nothing to its history with any number of looks, holds no slot, and hears the doorbell', async () => {
    const handle = await promote(client, [{ kind: 'wait-long' }]);
    await until(async () => {
      const { raw } = await handle.describe();
      return looks === lastLook && Number(raw.pendingActivities?.[0]?.attempt) > lastLook;
    });
    const { events: waiting } = await handle.fetchHistory();
    assert.ok(waiting!.length <= 11, `${waiting!.length} events while it waits`);
    assert.equal(rig.isBusy('io'), false);
    assert.equal(rig.isBusy('main'), false);
    await handle.executeUpdate(updates.refresh, { args: [{ actor: 'ann' }] });
    const { state } = (await handle.result()) as PromotionStatus;
    assert.deepEqual(state, { 'step-1': { looks: lastLook + 1 } });
    const { events: closed } = await handle.fetchHistory();
    assert.ok(closed!.length <= 30, `${closed!.length} events`);
  });

  it('looks once more when the doorbell rings in the middle of a look, which is not cut off', async () => {
    const handle = await promote(client, [{ kind: 'look-slowly' }]);
    await until(() => endAttempt !== idle);
    await handle.signal('pullRequest', { number: 7 });
    await until(async () => {
      const { events } = await handle.fetchHistory();
      const rung = events?.findIndex((event) => event.workflowExecutionSignaledEventAttributes) ?? -1;
      return rung > 0 && events!.slice(rung).some((event) => event.markerRecordedEventAttributes);
    });
    endAttempt();
    assert.equal(((await handle.result()) as PromotionStatus).phase, 'Succeeded');
    assert.deepEqual(cutOff, [false]);
  });
});
