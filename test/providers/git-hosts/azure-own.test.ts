import assert from 'node:assert/strict';
import type { HostedRepository } from '../../../src/providers/git-hosts/git-host.ts';
import { idOf, openAzureServer, type AzureServer } from './azure-server.ts';
import { changesIn, openAt, refusalOf } from './loopback-rig.ts';

describe('Azure DevOps, what it does in its own way', () => {
  let server: AzureServer;
  let repository: HostedRepository;
  const { change, open } = changesIn(() => ({ server, repository }));

  before(async () => {
    server = await openAzureServer();
    repository = await openAt(`${server.url}/acme/Platform/_git/ops`, { provider: 'azure' });
  });

  after(async () => {
    await server.close();
    assert.deepEqual(server.undocumented, []);
  });

  it('asks nothing without a token, and says which', async () => {
    const attempt = openAt(`${server.url}/acme/Platform/_git/ops`, { provider: 'azure', credentials: {} });
    assert.match(await refusalOf(attempt), /needs a token.*repoURL .*\/_git\/ops.*Code \(read & write\)/);
  });

  it('calls the service by an operator’s address, too', async () => {
    const patterns = ['dev.azure.com', 'ssh.dev.azure.com'].map(
      (host) => ({ host, provider: 'azure', apiURL: server.url }) as const,
    );
    const repoURL = 'git@ssh.dev.azure.com:v3/acme/Platform/ops';
    const other = await openAt(repoURL, { provider: 'azure', patterns });
    assert.equal(other.name, 'dev.azure.com/acme/platform/ops');
    await other.listOpenPullRequests();
  });

  it('names the web page of a request', async () => {
    const { number } = await open();
    const { url } = (await repository.readPullRequest(number))!;
    assert.equal(url, `${server.url}/acme/Platform/_git/ops/pullrequest/${number}`);
  });

  it('finds none of a fork', async () => {
    const request = change();
    server.repository.open({ ...request, isFromFork: true });
    assert.deepEqual(await repository.findPullRequests(request), []);
  });

  it('gets reviewers by address and id, and names those it does not know', async () => {
    const { reviewers } = await open({ reviewers: ['bob@example.com', idOf(7)] });
    assert.deepEqual(reviewers, [idOf(1), idOf(7)]);
    assert.match(await refusalOf(open({ reviewers: ['carol', 'bob', 'dave'] })), /no reviewer carol, dave/);
  });

  it('refuses assignees, which it does not have', async () => {
    assert.match(await refusalOf(open({ assignees: ['alice'] })), /no assignees/);
  });

  it('keeps the end of a description that is too long', async () => {
    const link = '[View](https://gantry.example/demo)';
    const { description } = await open({ description: `${'x'.repeat(5_000)}\n\n${link}` });
    assert.equal(description.length, 4_000);
    assert.ok(description.endsWith(link));
  });

  const obstacles: readonly (readonly [obstacle: string, kind: string, reason: RegExp])[] = [
    ['queued', 'waiting', /still trying/],
    ['notSet', 'waiting', /has not tried/],
    ['rejectedByPolicy', 'waiting', /policy/],
    ['failure', 'waiting', /trial merge failed/],
    ['policy', 'waiting', /required policies are not satisfied/],
    ['late policy', 'waiting', /policy/],
    ['stale', 'waiting', /source has been modified/],
  ];
  for (const [obstacle, kind, reason] of obstacles) {
    it(`${kind === 'waiting' ? 'waits' : 'gives up'} when it meets ${obstacle}`, async () => {
      const request = await open();
      request.obstacle = obstacle;
      const end = await repository.mergePullRequest(request.number);
      assert.equal(end.kind, kind);
      if (end.kind !== 'merged') assert.match(end.reason, reason);
    });
  }

  it('follows a completion that takes a while', async () => {
    const request = await open();
    request.obstacle = 'slow';
    const end = await repository.mergePullRequest(request.number, { method: 'squash' });
    assert.deepEqual(end, { kind: 'merged', commit: request.mergeCommit });
    assert.equal(request.method, 'squash');
  });

  it('counts one that completes by itself as queued, which waits', async () => {
    const request = await open();
    request.isAutomatic = true;
    assert.equal((await repository.readPullRequest(request.number))?.isQueued, true);
    assert.equal((await repository.mergePullRequest(request.number)).kind, 'waiting');
  });

  it('shows the merge commit of a merged one alone', async () => {
    const request = await open();
    assert.equal((await repository.readPullRequest(request.number))?.mergeCommit, undefined);
    await repository.mergePullRequest(request.number);
    const { mergeCommit } = (await repository.readPullRequest(request.number))!;
    assert.equal(mergeCommit, request.mergeCommit);
  });

  it('tells a missing repository from a missing pull request', async () => {
    const other = await openAt(`${server.url}/acme/Platform/_git/nothing`, { provider: 'azure' });
    assert.match(await refusalOf(other.readPullRequest(1)), /TF401019/);
  });
});
