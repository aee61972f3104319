import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitClone } from '../../../src/activities/steps/git-clone.ts';
import { gitCommit } from '../../../src/activities/steps/git-commit.ts';
import { githubPush } from '../../../src/activities/steps/github-push.ts';
import { TerminalError } from '../../../src/core/errors.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { Credentials } from '../../../src/providers/credentials/credentials.ts';
import type { GitOptions } from '../../../src/providers/git/git.ts';
import { openGitHub, type GitHubServer } from '../../providers/git-hosts/github-server.ts';
import { problem } from '../../providers/git-hosts/github-wire.ts';
import { below } from '../../providers/git-hosts/github-route.ts';
import { createSigningKey, hasGpg } from '../../support/signing-key.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';

describe('github-push', function () {
  this.timeout(30_000);
  let rig: StepRig;
  let github: GitHubServer;

  beforeEach(async () => {
    rig = createStepRig();
    github = await openGitHub();
  });
  afterEach(async () => {
    await github.close();
    rig.remove();
  });

  const clone = (author?: JsonObject) =>
    rig.run(gitClone, {
      repoURL: `${github.url}/acme/ops.git`,
      checkout: [{ path: 'src', branch: 'main' }],
      ...(author && { author }),
    });
  const commit = async (text: string, file = 'values.yaml', author?: JsonObject) => {
    writeFileSync(join(rig.root, 'src', file), text);
    const config = { path: 'src', message: `Set ${text.trim()}\n\nbecause`, ...(author && { author }) };
    const { output } = await rig.run(gitCommit, config);
    return output?.['commit'] as string;
  };
  const push = (
    config: JsonObject = {},
    git: Partial<GitOptions> = {},
    credentials: Credentials | undefined = { password: 'ghp_right' },
  ) => rig.run(githubPush, { path: 'src', ...config }, { findCredentials: async () => credentials, git });
  const head = (branch = 'main') => github.repository.shaOf(`refs/heads/${branch}`);
  const calls = (pattern: RegExp) => github.seen.filter((line) => pattern.test(line)).length;
  const isStaged = () => github.repository.git('for-each-ref', 'refs/kargo') !== '';

  it('has GitHub make the commits, and goes on from them', async () => {
    await clone();
    const first = await commit('a: 1\n');
    const second = await commit('a: 2\n');
    const { output, commits } = await push({}, { verifyUntrusted: true });
    const sha = head()!;
    assert.equal(output?.['commit'], sha);
    assert.equal(output?.['branch'], 'main');
    assert.match(output?.['commitURL'] as string, new RegExp(`/acme/ops/commit/${sha}$`));
    assert.equal(commits?.[0]?.sha, sha);
    const made = github.repository.readCommit(sha);
    assert.equal(made.author.name, 'gantry[bot]');
    assert.equal(made.message, 'Set a: 2\n\nbecause\n\nCo-authored-by: Kargo <no-reply@kargo.io>');
    assert.deepEqual(output?.['rewritten'], { [first]: made.parents[0], [second]: sha });
    assert.equal(github.repository.git('show', `${sha}:values.yaml`), 'a: 2');
    assert.equal(isStaged(), false);
    // The work tree is where GitHub is: nothing is left to do, also not for a later commit.
    assert.equal((await push()).output?.['commit'], sha);
    await commit('a: 3\n');
    await push({}, { verifyUntrusted: true });
    assert.equal(github.repository.readCommit(head()!).parents[0], sha);
  });

  it('goes to the branch that the project calls its generated one', async () => {
    await clone();
    await commit('a: 1\n');
    const generatedBranch = 'kargo/demo/test/promotion';
    const world = { findCredentials: async () => ({ password: 'ghp_right' }), generatedBranch };
    const { output } = await rig.run(githubPush, { path: 'src', generateTargetBranch: true }, world);
    assert.equal(output?.['branch'], generatedBranch);
    assert.equal(head(generatedBranch), output?.['commit']);
  });

  it('leaves commits that nobody trusted has signed as they are', async () => {
    await clone();
    await commit('a: 1\n', 'values.yaml', { name: 'Mallory', email: 'm@example.org' });
    const { output } = await push();
    const made = github.repository.readCommit(output?.['commit'] as string);
    assert.deepEqual([made.author.name, made.committer.name], ['Mallory', 'Mallory']);
    assert.equal(made.message, 'Set a: 1\n\nbecause');
    assert.equal(made.author.date, '2026-03-01T12:00:00Z'.replace('Z', '+00:00'));
  });

  it("has GitHub sign what the promotion's own key signed", async function () {
    if (!hasGpg()) return;
    const key = createSigningKey();
    await clone({ name: 'Bot', email: 'bot@example.org', signingKey: key.privateKey });
    await commit('a: 1\n');
    await commit('a: 2\n', 'values.yaml', { name: 'Alice', email: 'alice@example.org' });
    const { output } = await push();
    const made = github.repository.readCommit(output?.['commit'] as string);
    assert.equal(made.author.name, 'gantry[bot]');
    assert.match(made.message, /\n\nCo-authored-by: Alice <alice@example\.org>$/);
    const before = github.repository.readCommit(made.parents[0]!);
    assert.equal(before.author.name, 'gantry[bot]');
    assert.doesNotMatch(before.message, /Co-authored-by/);
  });

  it('does nothing where nothing is new', async () => {
    await clone();
    const { output } = await push();
    assert.equal(output?.['commit'], head());
    assert.equal(calls(/^POST|^PATCH/), 0);
  });

  it('makes a branch that is missing', async () => {
    await clone();
    await commit('a: 1\n');
    const old = head();
    const { output } = await push({ targetBranch: 'env/prod' });
    assert.equal(output?.['branch'], 'env/prod');
    assert.equal(output?.['commit'], head('env/prod'));
    assert.equal(head(), old);
  });

  it('writes the branch of the promotion, and recognises it after a lost end', async () => {
    await clone();
    await commit('a: 1\n');
    const config = { generateTargetBranch: true };
    const branch = 'kargo/promotion/test.01h.abc1234';
    const { output } = await push(config, { verifyUntrusted: true });
    assert.deepEqual([output?.['branch'], output?.['commit']], [branch, head(branch)]);
    // The files are lost, and made anew.
    rig.loseWorkspace();
    await clone();
    await commit('a: 1\n');
    github.seen.length = 0;
    assert.equal((await push(config, { verifyUntrusted: true })).output?.['commit'], head(branch));
    assert.equal(head(branch), output?.['commit']);
    assert.equal(calls(/^POST/), 0);
    rig.loseWorkspace();
    await clone();
    await commit('a: 2\n');
    await push(config, { verifyUntrusted: true });
    assert.equal(github.repository.git('show', `${branch}:values.yaml`), 'a: 2');
  });

  it('takes in what others pushed', async () => {
    await clone();
    const mine = await commit('a: 1\n');
    const theirs = github.repository.commit('main', { 'other.txt': 'x\n' });
    const { output } = await push({}, { verifyUntrusted: true });
    assert.equal(github.repository.readCommit(head()!).parents[0], theirs);
    assert.equal((output!['rewritten'] as JsonObject)[mine], head());
    // Killed before it could say so: the same commits are not made twice.
    rig.loseWorkspace();
    await clone();
    await commit('a: 1\n');
    github.seen.length = 0;
    assert.equal((await push({}, { verifyUntrusted: true })).output?.['commit'], head());
    assert.equal(calls(/^POST/), 0);
  });

  it('keeps both sides of a merge', async () => {
    await clone();
    await commit('a: 1\n');
    const theirs = github.repository.commit('main', { 'other.txt': 'x\n' });
    await push({}, { integration: 'AlwaysMerge', verifyUntrusted: true });
    const { parents } = github.repository.readCommit(head()!);
    assert.equal(parents.length, 2);
    assert.equal(parents[1], theirs);
    assert.equal(github.repository.readCommit(parents[0]!).author.name, 'gantry[bot]');
  });

  it('overwrites what others pushed when told to', async () => {
    await clone();
    await commit('a: 1\n');
    github.repository.commit('main', { 'other.txt': 'x\n' });
    await push({ force: true });
    assert.throws(() => github.repository.git('show', 'main:other.txt'));
  });

  it('tries again when the branch moves meanwhile', async () => {
    await clone();
    await commit('a: 1\n');
    let moved = 0;
    github.routes.push({
      method: 'PATCH',
      path: below('/git/refs/heads/main'),
      answer() {
        github.routes.length = 0;
        moved += 1;
        github.repository.commit('main', { 'other.txt': 'x\n' });
        return { status: 422, body: problem('Update is not a fast forward', 422) };
      },
    });
    const { output } = await push();
    assert.equal(moved, 1);
    assert.equal(output?.['commit'], head());
    assert.equal(github.repository.git('show', 'main:other.txt'), 'x');
  });

  const refusals: readonly {
    readonly title: string;
    readonly says: RegExp;
    readonly status: 'Failed' | 'Errored';
    readonly config?: JsonObject;
    readonly credentials?: Credentials;
    readonly prepare?: () => Promise<unknown>;
  }[] = [
    {
      title: 'more commits than allowed',
      status: 'Errored',
      says: /^11 commits .* at most 10/,
      prepare: async () => {
        for (let i = 0; i < 11; i += 1) await commit(`a: ${i}\n`);
      },
    },
    {
      title: 'a conflict',
      status: 'Failed',
      says: /merge conflict .* values\.yaml/,
      prepare: async () => {
        await commit('a: 1\n');
        github.repository.commit('main', { 'values.yaml': 'a: 9\n' });
      },
    },
    {
      title: 'a token without rights',
      status: 'Failed',
      credentials: { password: 'ghp_weak' },
      says: /the scope repo/,
      prepare: () => commit('a: 1\n'),
    },
    { title: 'no token', status: 'Failed', credentials: { username: 'bot' }, says: /hold no token/ },
    {
      title: 'an SSH key alone',
      status: 'Failed',
      credentials: { sshPrivateKey: 'k' },
      says: /only an SSH key/,
    },
  ];
  for (const { title, status, says, credentials, prepare } of refusals) {
    it(`${title}: ends as ${status}, and leaves nothing behind`, async () => {
      await clone();
      await prepare?.();
      const old = head();
      await assert.rejects(push({}, {}, credentials ?? { password: 'ghp_right' }), (error: Error) => {
        assert.ok(error instanceof TerminalError, error.message);
        assert.equal(error.status, status);
        assert.match(error.message, says);
        assert.doesNotMatch(error.message, /ghp_/);
        return true;
      });
      assert.equal(head(), old);
      if (title !== 'a token without rights') assert.equal(isStaged(), false);
    });
  }

  it('says so when there are no credentials at all', async () => {
    await clone();
    await assert.rejects(
      rig.run(githubPush, { path: 'src' }, { findCredentials: async () => undefined }),
      /no credentials for http/,
    );
  });
});
