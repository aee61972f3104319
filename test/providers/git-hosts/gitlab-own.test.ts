import assert from 'node:assert/strict';
import type { HostedRepository } from '../../../src/providers/git-hosts/git-host.ts';
import { openGitLabServer, type GitLabServer } from './gitlab-server.ts';
import { changesIn, openAt, refusalOf } from './loopback-rig.ts';

describe('GitLab, what it does in its own way', () => {
  let server: GitLabServer;
  let repository: HostedRepository;
  const { change, open } = changesIn(() => ({ server, repository }));

  before(async () => {
    server = await openGitLabServer();
    repository = await openAt(`${server.url}/acme/platform/ops.git`, { provider: 'gitlab' });
  });

  after(async () => {
    await server.close();
    assert.deepEqual(server.undocumented, []);
  });

  describe('opening', () => {
    it('finds people by their names', async () => {
      const { assignees, reviewers } = await open({ assignees: ['alice'], reviewers: ['bob', 'alice'] });
      assert.deepEqual([assignees, reviewers], [['alice'], ['bob', 'alice']]);
    });

    it('names every unknown user, and opens nothing', async () => {
      const before = server.repository.requests.length;
      const said = await refusalOf(open({ assignees: ['carol', 'alice'], reviewers: ['dave'] }));
      assert.match(said, /no user carol, dave/);
      assert.equal(server.repository.requests.length, before);
    });

    it('marks a draft in its title, and keeps titles within 255 characters', async () => {
      const { title } = await open({ isDraft: true, title: 'x'.repeat(300) });
      assert.equal(title, `Draft: ${'x'.repeat(248)}`);
    });

    it('says which labels GitLab left out', async () => {
      const said = await refusalOf(open({ labels: ['fine', 'forbidden'] }));
      assert.match(
        said,
        /merge_requests\/\d+ is open, but GitLab did not label it "forbidden": make the labels/,
      );
    });
  });

  it('finds none of a fork, but lists it', async () => {
    const request = change();
    const { number } = server.repository.open({ ...request, isFromFork: true });
    assert.deepEqual(await repository.findPullRequests(request), []);
    assert.ok((await repository.listOpenPullRequests()).some((one) => one.number === number));
  });

  it('counts one that GitLab merges by itself as queued, which waits', async () => {
    const request = await open();
    request.isAutomatic = true;
    assert.equal((await repository.readPullRequest(request.number))?.isQueued, true);
    assert.deepEqual(await repository.mergePullRequest(request.number), {
      kind: 'waiting',
      reason: 'GitLab merges it by itself when its checks are done',
    });
  });

  const obstacles: readonly (readonly [status: string, reason: RegExp])[] = [
    ['ci_still_running', /pipeline is running/],
    ['not_approved', /lacks approvals/],
    ['discussions_not_resolved', /unresolved threads/],
    ['commits_status', /source branch is gone/],
    ['locked', /GitLab is merging it/],
    ['something_new', /GitLab says something_new/],
  ];
  for (const [status, reason] of obstacles) {
    it(`waits while GitLab says ${status}`, async () => {
      const request = await open();
      request.obstacle = status;
      const end = await repository.mergePullRequest(request.number);
      assert.equal(end.kind, 'waiting');
      if (end.kind === 'waiting') assert.match(end.reason, reason);
    });
  }

  it('tells a token that may not merge from one that is wrong', async () => {
    const request = await open();
    request.isForbidden = true;
    const end = await repository.mergePullRequest(request.number);
    assert.equal(end.kind, 'refused');
    if (end.kind === 'refused') assert.match(end.reason, /the token may not merge into this branch/);
  });

  it('calls the head the merge commit where GitLab made none', async () => {
    const request = await open();
    await repository.mergePullRequest(request.number);
    request.method = 'fast-forward';
    const { mergeCommit, headCommit } = (await repository.readPullRequest(request.number))!;
    assert.equal(mergeCommit, headCommit);
  });

  it('takes a status that is said twice', async () => {
    const commit = server.repository.commit('main', { 'status.txt': '1\n' });
    const status = { commit, context: 'gantry/demo/test', state: 'pending' } as const;
    await repository.writeCommitStatus(status);
    await repository.writeCommitStatus(status);
    assert.equal(server.repository.statuses.filter((one) => one.commit === commit).length, 1);
  });

  it('signs deliveries where the secret of a webhook is a signing token', async () => {
    const [url, secret] = ['https://gantry.example/signed', 'whsec_AAAA'];
    assert.equal(await repository.webhooks?.setWebhook({ url, secret }), 'created');
    server.repository.canSign = false;
    const said = await refusalOf(repository.webhooks!.setWebhook({ url, secret }));
    assert.match(said, /this GitLab has no signing tokens: choose a secret that does not begin with whsec_/);
  });

  it('tells a missing project from a missing merge request', async () => {
    const other = await openAt(`${server.url}/acme/nothing.git`, { provider: 'gitlab' });
    assert.match(await refusalOf(other.readPullRequest(1)), /404 Project Not Found.*may not see it/);
  });

  it('lies below a path when the operator says where its API is', async () => {
    const below = await openGitLabServer('/git');
    try {
      const { host } = new URL(below.url);
      const patterns = [{ host, provider: 'gitlab', apiURL: `${below.url}/api/v4` } as const];
      const other = await openAt(`${below.url}/acme/platform/ops.git`, { provider: 'gitlab', patterns });
      assert.equal(other.name, `${host}/acme/platform/ops`);
      assert.deepEqual(await other.listOpenPullRequests(), []);
    } finally {
      await below.close();
    }
  });
});
