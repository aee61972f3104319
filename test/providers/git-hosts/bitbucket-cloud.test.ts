import assert from 'node:assert/strict';
import type { HostedRepository } from '../../../src/providers/git-hosts/git-host.ts';
import { openCloudServer, uuidOf, type CloudServer } from './bitbucket-cloud-server.ts';
import { changesIn, openAt, refusalOf } from './loopback-rig.ts';

describe('Bitbucket Cloud, what it does in its own way', () => {
  let server: CloudServer;
  let repository: HostedRepository;
  const { change, open } = changesIn(() => ({ server, repository }));

  before(async () => {
    server = await openCloudServer();
    repository = await openAs({ password: 'strong-token' });
  });

  after(async () => {
    await server.close();
    assert.deepEqual(server.undocumented, []);
  });

  function openAs(
    credentials: { username?: string; password: string },
    path = 'acme/ops',
  ): Promise<HostedRepository> {
    const patterns = [{ host: 'bitbucket.org', provider: 'bitbucket', apiURL: `${server.url}/2.0` } as const];
    return openAt(`https://bitbucket.org/${path}.git`, { provider: 'bitbucket', credentials, patterns });
  }

  const authorizations: readonly (readonly [what: string, username: string | undefined, sent: RegExp])[] = [
    ['a token of a repository', undefined, /^Bearer strong-token$/],
    ['a token under the name that Git uses', 'x-token-auth', /^Bearer strong-token$/],
    ['a token of a person', 'alice@example.com', /^Basic /],
  ];
  for (const [what, username, sent] of authorizations) {
    it(`shows ${what}`, async () => {
      const other = await openAs({ ...(username !== undefined && { username }), password: 'strong-token' });
      await other.listOpenPullRequests();
      assert.match(server.asked.at(-1)!.headers.authorization!, sent);
    });
  }

  it('shows whole commits where the host shortens them', async () => {
    const request = change();
    const opened = await repository.openPullRequest(request);
    assert.equal(opened.headCommit, server.repository.branches.get(request.source)!.commit);
    await repository.mergePullRequest(opened.number);
    const { mergeCommit } = server.repository.find(opened.number)!;
    assert.equal((await repository.readPullRequest(opened.number))?.mergeCommit, mergeCommit);
  });

  it('lists without a request for each commit', async () => {
    await open();
    const before = server.asked.length;
    await repository.listOpenPullRequests();
    assert.ok(server.asked.slice(before).every(({ call }) => call === 'list pull requests'));
  });

  it('finds branches with quotes in their names, and none of a fork', async () => {
    const source = 'change/"quoted"\\name';
    server.repository.commit(source, { quoted: 'text\n' });
    const request = { source, target: 'main', title: 'Quoted', description: '' };
    server.repository.open({ ...request, isFromFork: true });
    assert.deepEqual(await repository.findPullRequests(request), []);
    const { number } = await repository.openPullRequest(request);
    assert.deepEqual(
      (await repository.findPullRequests(request)).map((one) => one.number),
      [number],
    );
  });

  describe('opening', () => {
    it('finds reviewers by nickname, account and id', async () => {
      const { reviewers } = await open({ reviewers: ['bob', '557058:alice', uuidOf(5)] });
      assert.deepEqual(reviewers, [uuidOf(1), uuidOf(0), uuidOf(5)]);
    });

    it('names every unknown reviewer', async () => {
      assert.match(await refusalOf(open({ reviewers: ['bob', 'carol', 'dave'] })), /no member carol, dave/);
    });

    it('refuses assignees, which it does not have', async () => {
      assert.match(await refusalOf(open({ assignees: ['alice'] })), /no assignees.*leave out assignees/);
    });
  });

  describe('merging', () => {
    const ends: readonly (readonly [what: string, obstacle: string, kind: string, reason: RegExp])[] = [
      ['waits for merge checks', 'checks', 'waiting', /at least 1 approval/],
      ['waits when a branch moved at the same moment', 'changed', 'waiting', /refs involved changed/],
    ];
    for (const [what, obstacle, kind, reason] of ends) {
      it(what, async () => {
        const request = await open();
        request.obstacle = obstacle;
        const end = await repository.mergePullRequest(request.number);
        assert.equal(end.kind, kind);
        if (end.kind !== 'merged') assert.match(end.reason, reason);
      });
    }

    it('follows one that takes longer than an answer', async () => {
      const request = await open();
      request.obstacle = 'slow';
      const end = await repository.mergePullRequest(request.number);
      assert.deepEqual(end, { kind: 'merged', commit: request.mergeCommit });
    });

    it('looks when the host says that it took too long', async () => {
      const request = await open();
      request.obstacle = 'timeout';
      const end = await repository.mergePullRequest(request.number);
      assert.deepEqual(end, { kind: 'merged', commit: request.mergeCommit });
    });

    it('waits for one in the merge queue', async () => {
      const request = await open();
      request.isAutomatic = true;
      assert.equal((await repository.readPullRequest(request.number))?.isQueued, true);
      assert.equal((await repository.mergePullRequest(request.number)).kind, 'waiting');
    });
  });

  it('keeps statuses apart whose names are longer than a key may be', async () => {
    const commit = server.repository.commit('main', { 'status.txt': '1\n' });
    const contexts = ['one', 'two'].map(
      (end) => `gantry/a-project-with-a-long-name/a-stage-with-a-long-name-${end}`,
    );
    for (const context of contexts) await repository.writeCommitStatus({ commit, context, state: 'success' });
    const found = await repository.readCommitStatuses(commit);
    assert.deepEqual(found.map(({ context }) => context).toSorted(), contexts);
  });

  it('tells a missing repository from a missing pull request', async () => {
    const other = await openAs({ password: 'strong-token' }, 'acme/nothing');
    assert.match(await refusalOf(other.readPullRequest(1)), /may not have access to this repository/);
  });
});
