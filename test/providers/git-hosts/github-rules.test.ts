import assert from 'node:assert/strict';
import { TerminalError } from '../../../src/core/errors.ts';
import {
  HostBusy,
  type HostedRepository,
  type MergeOptions,
} from '../../../src/providers/git-hosts/git-host.ts';
import { createGitHosts } from '../../../src/providers/git-hosts/git-hosts.ts';
import { createHttp } from '../../../src/providers/http/http.ts';
import { below } from './github-route.ts';
import { openGitHub, type GitHubServer } from './github-server.ts';
import { problem } from './github-wire.ts';

describe('GitHub by its own rules', function () {
  this.timeout(20_000);
  let github: GitHubServer;
  let repository: HostedRepository;
  let number: number;

  beforeEach(async () => {
    github = await openGitHub();
    const { signal } = new AbortController();
    const hosts = createGitHosts({
      http: createHttp({ policy: { allow: ['loopback'] }, signal }),
      findCredentials: async () => ({ password: 'ghp_right' }),
      signal,
      patience: 0,
    });
    repository = await hosts.open(`${github.url}/acme/ops.git`, { provider: 'github' });
    github.repository.commit('change', { 'a.txt': 'a\n' });
    number = (await repository.openPullRequest(request)).number;
  });
  afterEach(() => github.close());

  const request = { source: 'change', target: 'main', title: 'Change', description: 'Why' } as const;

  describe('merging', () => {
    const cases: readonly {
      readonly title: string;
      readonly state?: string;
      readonly refusal?: string;
      readonly allowed?: readonly string[];
      readonly options?: MergeOptions;
      readonly end: 'merged' | 'waiting' | 'refused';
      readonly says?: RegExp;
    }[] = [
      { title: 'clean', state: 'clean', end: 'merged' },
      { title: 'optional checks fail', state: 'unstable', end: 'merged' },
      { title: 'hooks', state: 'has_hooks', end: 'merged' },
      { title: 'a conflict', state: 'dirty', end: 'refused', says: /conflict with main/ },
      { title: 'a draft', state: 'draft', end: 'waiting', says: /draft/ },
      { title: 'blocked, but the token may pass', state: 'blocked', end: 'merged' },
      {
        title: 'blocked',
        state: 'blocked',
        refusal: 'Required status check "ci" is expected.',
        end: 'waiting',
        says: /"ci" is expected/,
      },
      { title: 'behind', state: 'behind', refusal: 'Head branch is out of date', end: 'waiting' },
      {
        title: 'refused though clean',
        state: 'clean',
        refusal: 'Something else',
        end: 'refused',
        says: /Something else/,
      },
      {
        title: 'the target moved',
        refusal: 'Base branch was modified. Review and try the merge again.',
        end: 'waiting',
      },
      { title: 'not mergeable at this moment', refusal: 'Pull Request is not mergeable', end: 'waiting' },
      {
        title: 'a merge queue',
        refusal: 'Repository rule violations found\n\nChanges must be made through the merge queue',
        end: 'waiting',
        says: /merge queue/,
      },
      {
        title: 'a method that the repository does not allow',
        allowed: ['squash'],
        options: { method: 'rebase' },
        end: 'refused',
        says: /Rebase merges are not allowed on this repository/,
      },
      { title: 'no method: one that the repository allows', allowed: ['rebase'], end: 'merged' },
      { title: 'no method, and none allowed', allowed: [], end: 'refused' },
    ];
    for (const { title, state, refusal, allowed, options, end, says } of cases) {
      it(`${title}: ${end}`, async () => {
        if (state) github.mergeable.set(number, state);
        if (allowed) github.allowed = allowed;
        if (refusal) github.mergeRefusals.push(refusal);
        const found = await repository.mergePullRequest(number, options);
        assert.equal(found.kind, end, JSON.stringify(found));
        if (says) assert.match('reason' in found ? found.reason : '', says);
      });
    }

    it('waits while GitHub does not know whether it can be merged', async () => {
      github.mergeable.set(number, 'unknown');
      const merging = repository.mergePullRequest(number);
      setTimeout(() => github.mergeable.set(number, 'clean'), 100);
      assert.equal((await merging).kind, 'merged');
    });
  });

  it('knows a request that GitHub merges by itself', async () => {
    assert.equal((await repository.readPullRequest(number))?.isQueued, false);
    github.requests[number - 1]!.autoMerge = true;
    assert.equal((await repository.readPullRequest(number))?.isQueued, true);
    assert.equal((await repository.listOpenPullRequests())[0]?.isQueued, true);
  });

  it('tells no trial merge as the commit of an open request', async () => {
    assert.equal((await repository.readPullRequest(number))?.mergeCommit, undefined);
  });

  it('assigns and asks for reviews; who cannot be assigned is told before anything is opened', async () => {
    github.repository.commit('other', { 'b.txt': 'b\n' });
    const other = { ...request, source: 'other', reviewers: ['hubot'] };
    await assert.rejects(repository.openPullRequest({ ...other, assignees: ['octocat', 'nobody'] }), {
      name: 'TerminalError',
      message: /nobody cannot be assigned/,
    });
    assert.equal(github.requests.length, 1);
    await repository.openPullRequest({ ...other, assignees: ['octocat'] });
    assert.deepEqual(github.requests[1]?.assignees, ['octocat']);
    assert.deepEqual(github.requests[1].reviewers, ['hubot']);
  });

  it('cuts what GitHub would refuse as too long', async () => {
    const commit = github.repository.shaOf('refs/heads/main')!;
    const description = '🚀'.repeat(200);
    await repository.writeCommitStatus({ commit, context: 'gantry', state: 'pending', description });
    const [status] = await repository.readCommitStatuses(commit);
    assert.equal(Array.from(status!.description!).length, 140);
  });

  describe('refusals', () => {
    const limits = [
      {
        title: 'the secondary limit',
        headers: {},
        message: 'You have exceeded a secondary rate limit. Please wait a few minutes before you try again.',
        time: [60_000, 60_000],
      },
      {
        title: 'the secondary limit with a time',
        headers: { 'retry-after': '90' },
        message: 'Slow down',
        time: [90_000, 90_000],
      },
      {
        title: 'the limit of the hour',
        headers: {
          'x-ratelimit-remaining': '0',
          // Told when it answers: the tests before this one take their time.
          get 'x-ratelimit-reset'() {
            return String(Math.floor(Date.now() / 1000) + 1_000);
          },
        },
        message: 'API rate limit exceeded for user ID 1.',
        time: [900_000, 1_000_000],
      },
    ];
    for (const { title, headers, message, time } of limits) {
      it(`${title}: says when to come again`, async () => {
        github.routes.push({
          method: 'GET',
          path: below('/pulls'),
          answer: () => ({
            status: 403,
            headers,
            body: problem(message, 403),
          }),
        });
        await assert.rejects(repository.listOpenPullRequests(), (error: Error) => {
          assert.ok(error instanceof HostBusy, error.message);
          assert.ok(error.retryIn >= time[0]! && error.retryIn <= time[1]!, String(error.retryIn));
          return true;
        });
      });
    }

    const finals = [
      {
        title: 'a permission that the App lacks',
        headers: { 'x-accepted-github-permissions': 'pull_requests=write' },
        message: 'Resource not accessible by integration',
        says: /the permission pull_requests=write/,
      },
      {
        title: 'an archived repository',
        headers: {},
        message: 'Repository was archived so is read-only.',
        says: /archived so is read-only/,
      },
    ];
    for (const { title, headers, message, says } of finals) {
      it(`${title}: is told, for good`, async () => {
        github.routes.push({
          method: 'POST',
          path: below('/pulls'),
          answer: () => ({
            status: 403,
            headers,
            body: problem(message, 403),
          }),
        });
        await assert.rejects(repository.openPullRequest(request), (error: Error) => {
          assert.ok(error instanceof TerminalError, error.message);
          assert.match(error.message, says);
          return true;
        });
      });
    }

    it('a branch without a change: says so', async () => {
      github.repository.git('update-ref', 'refs/heads/same', github.repository.shaOf('refs/heads/main')!);
      await assert.rejects(
        repository.openPullRequest({ ...request, source: 'same' }),
        /No commits between main and same/,
      );
    });
  });

  it('asks again with what it knows, and GitHub only confirms', async () => {
    await repository.listOpenPullRequests();
    let confirmed = 0;
    github.routes.push({
      method: 'GET',
      path: below('/pulls'),
      answer() {
        confirmed += 1;
        return { status: 304 };
      },
    });
    assert.equal((await repository.listOpenPullRequests()).length, 1);
    assert.equal(confirmed, 1);
  });
});
