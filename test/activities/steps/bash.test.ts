import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { bash } from '../../../src/activities/steps/bash.ts';
import { gitClone } from '../../../src/activities/steps/git-clone.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { findMarkedProcesses } from '../../../src/providers/git/marked-processes.ts';
import { openGitServer } from '../../support/git-http-server.ts';
import { createTestRepository } from '../../support/git-repository.ts';
import { createStepRig, type StepRig, type StepWorldOptions } from '../../support/step-world.ts';

describe('bash', () => {
  let rig: StepRig;
  let printed: string;
  beforeEach(() => {
    rig = createStepRig();
    printed = '';
  });
  afterEach(() => rig.remove());

  const run = (script: string, config: JsonObject = {}, options: StepWorldOptions = {}) =>
    rig.run(bash, { script, ...config }, { print: (text) => (printed += text), ...options });

  it('runs in the root of the workspace and passes on what is printed', async () => {
    await run('pwd\necho to standard error >&2\necho hi > made.txt\n');
    assert.match(printed, new RegExp(`^${rig.root}$`, 'm'));
    assert.match(printed, /to standard error/);
    assert.equal(readFileSync(join(rig.root, 'made.txt'), 'utf8'), 'hi\n');
  });

  it('is bash, with the options of its first line', async () => {
    await run('a=(x y); [[ ${a[1]} == y ]] && false; true');
    await assert.rejects(run('#!/bin/bash -e\nfalse\ntrue\n'), /script ended with exit code 1/);
    await run('#!/bin/bash\nfalse\ntrue\n');
    await assert.rejects(
      run('#!/usr/bin/env python3\nprint()\n'),
      /begins with python3, but this step runs bash/,
    );
  });

  describe('outputs', () => {
    const cases: readonly (readonly [string, JsonObject])[] = [
      ['echo a=1 >> "$GANTRY_OUTPUT"; echo b=x=y >> "$KARGO_OUTPUT"', { a: '1', b: 'x=y' }],
      ['echo \'q="x"\' >> "$GANTRY_OUTPUT"; echo nothing >> "$GANTRY_OUTPUT"', { q: '"x"' }],
      ['printf "text<<END\\none\\n\\ntwo\\nEND\\nz=1\\n" > "$GANTRY_OUTPUT"', { text: 'one\n\ntwo', z: '1' }],
      ['echo a=1 >> "$GANTRY_OUTPUT"; echo a=2 >> "$GANTRY_OUTPUT"', { a: '2' }],
      ['echo __proto__=1 >> "$GANTRY_OUTPUT"', JSON.parse('{"__proto__":"1"}') as JsonObject],
      ['true', {}],
    ];
    for (const [script, output] of cases) {
      it(script, async () => assert.deepEqual((await run(script)).output, output));
    }

    it('refuses a value that nothing ends', () =>
      assert.rejects(
        run('echo "a<<END" > "$GANTRY_OUTPUT"'),
        /\$GANTRY_OUTPUT: line 1: no line END ends .*"a"/,
      ));
  });

  describe('its environment', () => {
    it('has what config says, as text, and nothing of the worker', async () => {
      process.env['GANTRY_TEST_CANARY'] = 'canary';
      try {
        await run('env', { env: { ONE: '1.20', TWO: 2, YES: true, ODD: 'a b "c" $d' } });
      } finally {
        delete process.env['GANTRY_TEST_CANARY'];
      }
      for (const line of ['ONE=1.20', 'TWO=2', 'YES=true', 'ODD=a b "c" $d'])
        assert.ok(printed.split('\n').includes(line), line);
      assert.doesNotMatch(printed, /canary/);
    });

    it('has a HOME and a TMPDIR of its own that are gone afterwards', async () => {
      await run('echo x > ~/left; echo y > "$TMPDIR/left"; echo "$HOME"; echo "$TMPDIR"; ls -A ~');
      const [home, temporary] = printed.split('\n');
      assert.notEqual(home, process.env['HOME']);
      assert.ok(!existsSync(home!) && !existsSync(temporary!));
      printed = '';
      await run('ls -A ~');
      assert.doesNotMatch(printed, /left/);
    });

    it('has the tools of the other steps on PATH', async () => {
      await run('kustomize version && helm version --short && git --version');
      assert.match(printed, /v5\.[\s\S]*v3\.[\s\S]*git version/);
    });

    it('cannot have our variables replaced', () =>
      assert.rejects(
        run('true', { env: { GANTRY_OUTPUT: 'x', 'A-B': 'y' } }),
        /env: GANTRY_OUTPUT is set by Gantry; env: "A-B" is no name of a variable/,
      ));
  });

  describe('ends', () => {
    it('as Failed with the exit code and what it said last', () =>
      assert.rejects(run('echo working; echo no such thing >&2; exit 3'), {
        name: 'TransientError',
        status: 'Failed',
        message: 'script ended with exit code 3: no such thing',
      }));

    it('at its time limit, with all it began', async () => {
      const task = `test-limit-${process.pid}`;
      const script = 'sleep 300 & setsid sleep 300 & trap "" TERM; sleep 300; sleep 300';
      const limited = run(script, { timeout: '300ms' }, { git: { task } });
      await assert.rejects(limited, /script did not end within 300ms/);
      assert.deepEqual(await findMarkedProcesses(task), []);
    }).timeout(20_000);

    it('when it is cancelled, with the reason of the signal', async () => {
      const task = `test-cancel-${process.pid}`;
      const controller = new AbortController();
      const print = (text: string) => text.includes('ready') && controller.abort(new Error('stopped'));
      const script = 'setsid sleep 300 & sleep 300 & echo ready; wait';
      await assert.rejects(
        run(script, {}, { git: { task }, signal: controller.signal, print }),
        /^Error: stopped$/,
      );
      assert.deepEqual(await findMarkedProcesses(task), []);
    }).timeout(20_000);

    it('with what it left running', async () => {
      const task = `test-left-${process.pid}`;
      await run('sleep 300 & setsid sleep 300 & echo done', {}, { git: { task } });
      assert.deepEqual(await findMarkedProcesses(task), []);
    }).timeout(20_000);
  });

  describe('git', () => {
    it('acts as the promotion in the work trees of git-clone', async () => {
      const repository = createTestRepository(join(rig.folder, 'remote.git'), {
        commits: [{ id: 'one', branch: 'main', message: 'One', files: { 'a.txt': 'a\n' } }],
      });
      const checkout = [{ branch: 'main', path: './repo' }];
      const author = { name: 'Alice', email: 'alice@example.com' };
      await rig.run(gitClone, { repoURL: repository.url, checkout, author });
      await run(
        '#!/bin/bash -e\ncd ./repo\necho b > b.txt\ngit add b.txt\ngit commit -q -m Two\ngit push -q\n' +
          'git tag -a v1 -m "Release"\ngit push -q origin v1\ngit remote get-url origin\n',
      );
      assert.match(printed, new RegExp(`^${repository.url}$`, 'm'));
      const date = '2026-03-01T12:00:00+00:00';
      assert.equal(
        repository.git('log', '-1', '--format=%an %ae %aI %cn %cI %s', 'main'),
        `Alice alice@example.com ${date} Alice ${date} Two`,
      );
      assert.equal(
        repository.git(
          'for-each-ref',
          '--format=%(taggername) %(taggerdate:iso-strict) %(subject)',
          'refs/tags/v1',
        ),
        `Alice ${date} Release`,
      );
    });

    it('has the credentials of the promotion, for what it cloned, and shows them nowhere', async () => {
      const repository = createTestRepository(join(rig.folder, 'remote.git'), {
        commits: [{ id: 'one', branch: 'main', message: 'One', files: { 'a.txt': 'a\n' } }],
      });
      const server = await openGitServer(rig.folder, 'kargo', 'pass-word-1');
      try {
        const credentials = { find: async () => ({ username: 'kargo', password: 'pass-word-1\n' }) };
        const options = { git: { credentials } };
        const repoURL = `${server.url}/remote.git`;
        const checkout = [{ branch: 'main', path: './my repo' }];
        await rig.run(gitClone, { repoURL, checkout }, options);
        await run(
          'set -e\nenv\ngit config --global --list\ncd "./my repo"\ngit tag v1\ngit push origin v1\n' +
            `git ls-remote ${server.url}/remote\ngit remote -v\n`,
          {},
          options,
        );
        assert.equal(repository.git('tag', '-l'), 'v1');
        assert.doesNotMatch(printed, /pass-word-1/);
        const other = `git -C "./my repo" ls-remote ${server.url.replace('127.0.0.1', 'localhost')}/remote.git`;
        await assert.rejects(run(other, {}, options), /could not read Username/);
      } finally {
        await server.close();
      }
    }).timeout(20_000);

    it('names the work trees when a script forgets to enter one', async () => {
      const repository = createTestRepository(join(rig.folder, 'remote.git'), {
        commits: [{ id: 'one', branch: 'main', message: 'One', files: { 'a.txt': 'a\n' } }],
      });
      await assert.rejects(
        run('git status'),
        /not a git repository[\s\S]*no git-clone step has made a work tree yet/,
      );
      await rig.run(gitClone, { repoURL: repository.url, checkout: [{ branch: 'main', path: './repo' }] });
      await assert.rejects(
        run('git status'),
        /not a git repository[\s\S]*its work trees are \.\/repo: begin with cd \.\/repo/,
      );
    });
  });

  it('leaves nothing behind of one that was killed', async () => {
    const left = join(rig.root, '.home', 'script', 'home');
    mkdirSync(left, { recursive: true });
    writeFileSync(join(left, 'secret'), 'x');
    await run('ls -A ~');
    assert.doesNotMatch(printed, /secret/);
    assert.ok(!existsSync(join(rig.root, '.home', 'script')));
  });
});
