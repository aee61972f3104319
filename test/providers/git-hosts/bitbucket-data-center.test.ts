import assert from 'node:assert/strict';
import type { HostedRepository } from '../../../src/providers/git-hosts/git-host.ts';
import { openDataCenterServer, type DataCenterServer } from './bitbucket-data-center-server.ts';
import { changesIn, openAt, refusalOf } from './loopback-rig.ts';

describe('Bitbucket Data Center, what it does in its own way', () => {
  let server: DataCenterServer;
  let repository: HostedRepository;
  const { change, open } = changesIn(() => ({ server, repository }));

  before(async () => {
    server = await openDataCenterServer();
    repository = await openAt(`${server.url}/scm/ACME/ops.git`, { provider: 'bitbucket' });
  });

  after(async () => {
    await server.close();
    assert.deepEqual(server.undocumented, []);
  });

  it('shows a token alone, and a password with its user', async () => {
    await repository.listOpenPullRequests();
    assert.equal(server.asked.at(-1)!.headers.authorization, 'Bearer strong-token');
    const credentials = { username: 'alice', password: 'strong-token' };
    const other = await openAt(`${server.url}/scm/ACME/ops.git`, { provider: 'bitbucket', credentials });
    await other.listOpenPullRequests();
    assert.match(server.asked.at(-1)!.headers.authorization!, /^Basic /);
  });

  it('names the web page of a request', async () => {
    const { number } = await open();
    const { url } = (await repository.readPullRequest(number))!;
    assert.equal(url, `${server.url}/projects/ACME/repos/ops/pull-requests/${number}`);
  });

  it('finds none of a fork', async () => {
    const request = change();
    server.repository.open({ ...request, isFromFork: true });
    assert.deepEqual(await repository.findPullRequests(request), []);
  });

  it('gets reviewers by name, and says which is none', async () => {
    assert.deepEqual((await open({ reviewers: ['bob'] })).reviewers, ['bob']);
    assert.match(await refusalOf(open({ reviewers: ['carol'] })), /carol is not a user/);
  });

  const ends: readonly (readonly [what: string, obstacle: string, reason: RegExp])[] = [
    ['waits for what vetoes it', 'Not all required builds are successful yet', /^Not all required builds/],
    ['waits for a veto that comes late', 'late veto', /^late veto/],
    ['waits when somebody changes it at the same moment', 'race', /out-of-date information/],
  ];
  for (const [what, obstacle, reason] of ends) {
    it(what, async () => {
      const request = await open();
      request.obstacle = obstacle;
      const end = await repository.mergePullRequest(request.number);
      assert.equal(end.kind, 'waiting');
      if (end.kind === 'waiting') assert.match(end.reason, reason);
    });
  }

  it('refuses what somebody changes at the same moment when it wants one commit', async () => {
    const request = await open();
    request.obstacle = 'race';
    const headCommit = server.repository.headOf(request);
    assert.equal((await repository.mergePullRequest(request.number, { headCommit })).kind, 'refused');
  });

  const strategies = { merge_commit: 'no-ff', squash: 'squash', fast_forward: 'ff-only' };
  for (const [method, strategy] of Object.entries(strategies)) {
    it(`calls ${method} ${strategy}`, async () => {
      const request = await open();
      await repository.mergePullRequest(request.number, { method });
      assert.equal(request.method, strategy);
    });
  }

  it('may lie below a path, and keeps all of it from page to page', async () => {
    const below = await openDataCenterServer('/git');
    try {
      const other = await openAt(`${below.url}/scm/ACME/ops.git`, { provider: 'bitbucket' });
      for (let at = 0; at < 7; at += 1)
        below.repository.open({ source: `change/${at}`, target: 'main', title: 'x', description: '' });
      assert.equal((await other.listOpenPullRequests()).length, 7);
      assert.deepEqual(below.undocumented, []);
    } finally {
      await below.close();
    }
  });

  it('tells a missing repository from a missing pull request', async () => {
    const other = await openAt(`${server.url}/scm/ACME/nothing.git`, { provider: 'bitbucket' });
    assert.match(await refusalOf(other.readPullRequest(1)), /Repository ACME\/nothing does not exist/);
  });
});
