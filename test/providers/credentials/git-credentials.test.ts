import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createGitCredentials } from '../../../src/providers/credentials/git-credentials.ts';
import { toolPath } from '../../support/tools.ts';

describe("git's own credentials", () => {
  let home: string;
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'gantry-home-'));
  });
  afterEach(() => rmSync(home, { recursive: true }));

  const find = (repoURL: string, more: object = {}, timeout?: number) =>
    createGitCredentials({
      binary: toolPath('git'),
      environment: { PATH: process.env['PATH'] ?? '', HOME: home, GIT_CONFIG_SYSTEM: '/dev/null', ...more },
      ...(timeout !== undefined && { timeout }),
    }).find({ project: 'demo', type: 'git', repoURL });

  it("asks the user's helpers", async () => {
    writeFileSync(join(home, '.gitconfig'), '[credential]\n\thelper = store\n');
    writeFileSync(join(home, '.git-credentials'), 'https://alice:p%40ss@git.example\n');
    assert.deepEqual(await find('https://git.example/acme/ops'), { username: 'alice', password: 'p@ss' });
    assert.equal(await find('https://other.example/acme/ops'), undefined);
    assert.equal(await find('file:///srv/x'), undefined);
  });

  it('knows nothing without a helper, and asks nobody', async () => {
    assert.equal(await find('https://git.example/acme/ops'), undefined);
  });

  it('does not wait for ever for a helper', async () => {
    writeFileSync(join(home, '.gitconfig'), '[credential]\n\thelper = "!sleep 5; :"\n');
    const before = Date.now();
    assert.equal(await find('https://git.example/x', {}, 300), undefined);
    assert.ok(Date.now() - before < 4000);
  });

  it('asks once for what the steps of a promotion need, and again some time later', async () => {
    const counted = join(home, 'asked');
    writeFileSync(
      join(home, '.gitconfig'),
      `[credential]\n\thelper = "!f() { echo >>${counted}; echo username=x; echo password=y; }; f"\n`,
    );
    const source = createGitCredentials({
      binary: toolPath('git'),
      environment: { PATH: process.env['PATH'] ?? '', HOME: home, GIT_CONFIG_SYSTEM: '/dev/null' },
      keepFor: 300,
    });
    const ask = (repoURL: string) => source.find({ project: 'demo', type: 'git', repoURL });
    const asked = () => readFileSync(counted, 'utf8').length;
    const url = 'https://git.example/x';
    assert.deepEqual(await ask(url), { username: 'x', password: 'y' });
    assert.deepEqual(await ask(url), { username: 'x', password: 'y' });
    assert.equal(asked(), 1);
    await ask('https://other.example/x');
    assert.equal(asked(), 2);
    await sleep(400);
    await ask(url);
    assert.equal(asked(), 3);
  });

  it('passes the agent on for ssh', async () => {
    assert.deepEqual(await find('git@git.example:acme/ops', { SSH_AUTH_SOCK: '/run/agent' }), {
      sshAgent: '/run/agent',
    });
    assert.equal(await find('git@git.example:acme/ops'), undefined);
  });
});
