import assert from 'node:assert/strict';
import { createPromotions, type Promotions } from '../../src/client/promotions.ts';
import { awaitStatus } from '../support/pipeline.ts';
import { until } from '../support/promotion-rig.ts';
import { openPullRequestSite, requestFor, type PullRequestSite } from '../support/pull-request-site.ts';
import { useTemporalServer } from '../support/temporal-server.ts';

describe('a promotion of a project that wants commit statuses', function () {
  this.timeout(120_000);
  let site: PullRequestSite;
  let promotions: Promotions;

  before(async () => {
    const server = await useTemporalServer();
    promotions = createPromotions(await server.client());
    site = await openPullRequestSite(server, 2);
    await site.startWorker();
  });
  after(() => site?.close());

  it('shows at the head of its pull request that it is under way, then how it ended', async () => {
    const { ref, number } = await start(1);
    const head = await headOf(number);
    await until(async () => (await statusesOf(head)).length > 0);
    const name = (await promotions.status(ref)).name;
    const context = 'gantry/demo/stage-1';
    assert.deepEqual(await statusesOf(head), [
      { context, status: 'pending', description: `${name} is under way` },
    ]);
    await site.merge(number);
    assert.equal((await awaitStatus(promotions, ref)).phase, 'Succeeded');
    assert.deepEqual(await statusesOf(head), [
      { context, status: 'success', description: `${name}: Succeeded` },
    ]);
  });

  it('shows a failure when the pull request is closed', async () => {
    const { ref, number } = await start(2);
    const head = await headOf(number);
    await site.gitea.call('PATCH', `repos/root1/ops/pulls/${number}`, { state: 'closed' });
    assert.equal((await awaitStatus(promotions, ref)).phase, 'Failed');
    const states = (await statusesOf(head)).map(({ status }) => status);
    assert.deepEqual(states, ['failure']);
  });

  /** Starts one and waits until its pull request is open and looked at. */
  async function start(at: number) {
    const metadata = { name: 'demo', namespace: 'demo' };
    const spec = { commitStatuses: true };
    const config = { apiVersion: 'kargo.akuity.io/v1alpha1', kind: 'ProjectConfig', metadata, spec };
    const ref = await promotions.start({ ...requestFor(site.repoURL, at), definitions: [config] });
    await until(async () => (await promotions.journals(ref)).some(({ alias }) => alias === 'wait'));
    const [key = ''] = (await promotions.status(ref)).pullRequests ?? [];
    return { ref, number: Number(key.split('#')[1]) };
  }

  async function headOf(number: number): Promise<string> {
    const found = await site.gitea.call('GET', `repos/root1/ops/pulls/${number}`);
    return (found as { readonly head: { readonly sha: string } }).head.sha;
  }

  /** As Gitea shows them: the newest of each context. */
  async function statusesOf(commit: string): Promise<readonly GiteaStatus[]> {
    const found = await site.gitea.call('GET', `repos/root1/ops/commits/${commit}/status`);
    const { statuses } = found as { readonly statuses: readonly GiteaStatus[] | null };
    return (statuses ?? []).map(({ context, status, description }) => ({ context, status, description }));
  }
});

interface GiteaStatus {
  readonly context: string;
  readonly status: string;
  readonly description: string;
}
