import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gitClone } from '../../../src/activities/steps/git-clone.ts';
import type { GitOptions } from '../../../src/providers/git/git.ts';
import { endMarkedProcesses, findMarkedProcesses } from '../../../src/providers/git/marked-processes.ts';
import { GitError, runGit } from '../../../src/providers/git/run-git.ts';
import { openProcessHost, type ProcessHost } from '../../../src/providers/programs/open-process-host.ts';
import type { RunProgram } from '../../../src/providers/programs/program.ts';
import { runHere } from '../../../src/providers/programs/run-here.ts';
import { createTestRepository } from '../../support/git-repository.ts';
import { openSilentServer } from '../../support/silent-server.ts';
import { createStepRig, createStepWorld, type StepRig, testGitOptions } from '../../support/step-world.ts';

describe('running git', () => testGit(() => runHere));

describe('running git, started by a host', () => {
  let host: ProcessHost;
  before(() => {
    host = openProcessHost();
    host.warm();
  });
  after(() => host.close());

  testGit(() => host.run);
});

function testGit(runProgram: () => RunProgram): void {
  let rig: StepRig;
  beforeEach(() => {
    rig = createStepRig();
  });
  afterEach(() => rig.remove());

  it('reports every exit code but zero, also when git prints nothing', async () => {
    const options = optionsOf();
    await runGit(options, ['init', '--quiet', '.'], { cwd: rig.root });
    await assert.rejects(runGit(options, ['config', 'no.such'], { cwd: rig.root }), {
      name: 'GitError',
      message: 'git config ended with exit code 1',
    });
    await assert.rejects(runGit(options, ['rev-parse', 'nope'], { cwd: rig.root }), GitError);
  });

  it('sees nothing of the settings of the machine and of its user', async () => {
    const home = join(rig.folder, 'user');
    mkdirSync(home);
    writeFileSync(join(home, '.gitconfig'), '[user]\n\tname = Somebody\n');
    const before = process.env['HOME'];
    process.env['HOME'] = home;
    process.env['GIT_AUTHOR_NAME'] = 'Somebody';
    try {
      const shown = await runGit(optionsOf(), ['config', '--list', '--show-origin']);
      assert.doesNotMatch(shown, /file:/);
      assert.doesNotMatch(shown, /Somebody/);
    } finally {
      process.env['HOME'] = before;
      delete process.env['GIT_AUTHOR_NAME'];
    }
  });

  it('runs no hook and no monitor of a repository', async () => {
    const options = optionsOf();
    await runGit(options, ['init', '--quiet', '.'], { cwd: rig.root });
    const trace = join(rig.folder, 'trace');
    mkdirSync(join(rig.root, '.git/hooks'));
    for (const hook of ['pre-commit', 'post-index-change', 'post-commit']) {
      writeFileSync(join(rig.root, '.git/hooks', hook), `#!/bin/sh\necho x >> ${trace}\n`, { mode: 0o755 });
    }
    writeFileSync(join(rig.root, '.git/config'), `[core]\n\tfsmonitor = "echo x >> ${trace}"\n`, {
      flag: 'a',
    });
    const env = {
      GIT_AUTHOR_NAME: 'a',
      GIT_AUTHOR_EMAIL: 'a@b',
      GIT_COMMITTER_NAME: 'a',
      GIT_COMMITTER_EMAIL: 'a@b',
    };
    await runGit(options, ['commit', '--allow-empty', '-m', 'm'], { cwd: rig.root, env });
    await runGit(options, ['status'], { cwd: rig.root });
    assert.equal(existsSync(trace), false);
  });

  it('lets no transport in that is not allowed', async () => {
    const options = optionsOf({ protocols: ['https'] });
    const { path } = createTestRepository(join(rig.folder, 'origin'));
    await assert.rejects(
      runGit(options, ['ls-remote', '--', `file://${path}`]),
      /transport 'file' not allowed/,
    );
    await assert.rejects(
      runGit(options, ['ls-remote', '--', 'ext::sh -c true']),
      /transport 'ext' not allowed/,
    );
    const world = createStepWorld(rig.root, { git: { runProgram: runProgram(), protocols: ['https'] } });
    const run = gitClone.run({ repoURL: path, checkout: [{ path: 'src' }] }, world);
    await assert.rejects(run, /uses file, which this worker does not allow/);
  });

  it('says that the disk of the worker is full, and not when it is that of the remote', async () => {
    const script = join(rig.folder, 'full');
    const run = (line: string) => {
      writeFileSync(script, `#!/bin/sh\necho '${line}' >&2\nexit 128\n`, { mode: 0o755 });
      return runGit(optionsOf({ binary: script }), ['fetch']);
    };
    const text = 'fatal: write error: No space left on device';
    await assert.rejects(run(text), {
      message: `the disk of this worker is full; free some space there, then try again\n${text}`,
    });
    await assert.rejects(run(`remote: ${text}`), { message: `remote: ${text}` });
  });

  it('says that git cannot be run', async () => {
    const options = optionsOf({ binary: join(rig.root, 'no-git') });
    await assert.rejects(runGit(options, ['version']), /git cannot be run: spawn .*no-git ENOENT$/);
  });

  it('rejects with the reason of the signal, and leaves no process alive', async () => {
    const controller = new AbortController();
    const silent = await openSilentServer();
    try {
      const options = optionsOf({ signal: controller.signal });
      const run = runGit(options, ['ls-remote', '--', `http://127.0.0.1:${silent.port}/a.git`]);
      run.catch(() => undefined);
      while ((await findMarkedProcesses(options.task)).length < 2) await sleep(10);
      const reason = new Error('told to stop');
      controller.abort(reason);
      await assert.rejects(run, (error) => error === reason);
      assert.deepEqual(await findMarkedProcesses(options.task), []);
      await assert.rejects(runGit(options, ['version']), (error) => error === reason);
    } finally {
      silent.close();
    }
  });

  it('ends even what ignores the polite signal', async () => {
    const options = optionsOf();
    const script = join(rig.folder, 'stubborn');
    const started = join(rig.folder, 'started');
    writeFileSync(
      script,
      `#!/bin/sh\ntrap '' TERM INT\necho $$ > ${started}\nwhile :; do sleep 0.1; done\n`,
      { mode: 0o755 },
    );
    const run = runGit({ ...options, binary: script }, ['version']);
    run.catch(() => undefined);
    while (!existsSync(started) || !readFileSync(started, 'utf8')) await sleep(10);
    await endMarkedProcesses(options.task, 200);
    await assert.rejects(run, /ended with a signal/);
    assert.deepEqual(await findMarkedProcesses(options.task), []);
  });

  it('reports progress', async () => {
    const { url } = createTestRepository(join(rig.folder, 'origin'), {
      commits: [{ id: 'c', branch: 'main', files: { a: '1' }, message: 'm' }],
    });
    const seen: string[] = [];
    const git = { runProgram: runProgram(), onProgress: (text: string) => void seen.push(text) };
    await rig.run(gitClone, { repoURL: url, checkout: [{ path: 'src' }] }, { git });
    assert.match(seen.join('\n'), /Receiving objects: +100%/);
  });

  function optionsOf(more: Partial<GitOptions> = {}): GitOptions {
    return testGitOptions(rig.root, { runProgram: runProgram(), ...more });
  }
}
