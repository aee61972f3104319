import assert from 'node:assert/strict';
import { createPromotions, type PromotionRef, type Promotions } from '../../src/client/promotions.ts';
import { fewAtATime } from '../../src/client/few-at-a-time.ts';
import { awaitStatus } from '../support/pipeline.ts';
import { until } from '../support/promotion-rig.ts';
import { openPullRequestSite, requestFor, type PullRequestSite } from '../support/pull-request-site.ts';
import { useTemporalServer } from '../support/temporal-server.ts';

const count = 50;

describe('promotions that wait for pull requests', function () {
  this.timeout(600_000);
  let site: PullRequestSite;
  let promotions: Promotions;

  before(async () => {
    const server = await useTemporalServer();
    promotions = createPromotions(await server.client());
    site = await openPullRequestSite(server, count);
  });
  after(() => site?.close());

  it(`go on, all ${count}, when their worker was killed and webhooks came meanwhile`, async () => {
    const numbers = Array.from({ length: count }, (_, at) => at + 1);
    const worker = await site.startWorker();
    const refs = await fewAtATime(numbers, 5, (number) => promotions.start(requestFor(site.repoURL, number)));
    const waiting = new Set<PromotionRef>();
    while (waiting.size < count) {
      for (const ref of refs.filter((one) => !waiting.has(one)))
        if (await isWaiting(promotions, ref)) waiting.add(ref);
    }
    worker.child.kill('SIGKILL');
    await worker.exited;

    const requests = await site.listRequests();
    assert.equal(requests.length, count);
    await fewAtATime(requests, 4, (number) => site.merge(number));
    await until(async () => (await countSignals(refs)) >= count);

    await site.startWorker();
    const ends = await Promise.all(refs.map((ref) => awaitStatus(promotions, ref)));
    assert.deepEqual(new Set(ends.map(({ phase }) => phase)), new Set(['Succeeded']));
    const commits = ends.map(({ state }) => state?.['result']?.['commit']);
    assert.equal(new Set(commits).size, count);
    assert.equal((await site.listRequests()).length, count, 'nobody opened a second one');
  });

  async function countSignals(refs: readonly PromotionRef[]): Promise<number> {
    const client = await (await useTemporalServer()).client();
    const rung = await fewAtATime(refs, 10, async ({ workflowId }) => {
      const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
      return (events ?? []).some((event) => event.workflowExecutionSignaledEventAttributes);
    });
    return rung.filter(Boolean).length;
  }
});

/** It has looked once, and the next look is an hour away. */
async function isWaiting(promotions: Promotions, ref: PromotionRef): Promise<boolean> {
  return (await promotions.journals(ref)).some(
    ({ alias, waiting }) => alias === 'wait' && waiting !== undefined,
  );
}
