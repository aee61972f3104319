import assert from 'node:assert/strict';
import { chmodSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { openProcessHost, type ProcessHost } from '../../src/providers/programs/open-process-host.ts';
import type { RunProgram } from '../../src/providers/programs/program.ts';
import { runHere } from '../../src/providers/programs/run-here.ts';
import { createToolRunner } from '../../src/providers/run-tool.ts';
import { isRunning } from '../support/is-running.ts';

describe('a tool', () => testTools(() => runHere));

describe('a tool, started by a host', () => {
  let host: ProcessHost;
  before(() => {
    host = openProcessHost();
    host.warm();
  });
  after(() => host.close());

  testTools(() => host.run);
});

function testTools(runProgram: () => RunProgram): void {
  let folder: string;
  const never = new AbortController().signal;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gantry-tool-'));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it('gives its standard output to the letter', async () => {
    assert.equal(await run('printf "a\\n\\n"; echo noise >&2'), 'a\n\n');
  });

  it('sees the environment it is given and nothing else', async () => {
    const names = (await run('env', { env: { OWN: '1' } })).split('\n').map((line) => line.split('=')[0]!);
    assert.deepEqual(names.filter((name) => name && !/^(_|PWD|SHLVL|OLDPWD)$/.test(name)).sort(), [
      'GANTRY_TASK',
      'OWN',
      'PATH',
    ]);
  });

  it('finds the tools it starts by itself in front of its PATH', async () => {
    script('other', 'echo found');
    assert.equal(await run('other', { alongside: ['other'] }), 'found\n');
  });

  it('reads nothing from our standard input', async () => assert.equal(await run('cat; echo end'), 'end\n'));

  const failures: readonly (readonly [title: string, script: string, message: RegExp])[] = [
    [
      'exit code and the end of standard error',
      'echo one >&2; echo two >&2; exit 3',
      /^it ended with exit code 3: one\ntwo$/,
    ],
    ['silence', 'exit 1', /^it ended with exit code 1 and said nothing$/],
    [
      'only the last lines',
      'for i in $(seq 100); do echo line $i >&2; done; exit 1',
      /^it ended with exit code 1: line 81\n/,
    ],
    ['a signal', 'kill -KILL $$', /^it ended with SIGKILL \(out of memory\?\)/],
    ['too much output', 'yes', /^it: its output is over 1000 bytes$/],
  ];
  for (const [title, body, message] of failures) {
    it(`explains a failure: ${title}`, () => assert.rejects(run(body, { maxOutput: 1000 }), { message }));
  }

  it('says what to do when the binary is gone', async () => {
    const runner = createToolRunner(
      () => Promise.resolve({ path: join(folder, 'none') }),
      {},
      { runProgram: runProgram() },
    );
    await assert.rejects(
      runner.run('none', [], { cwd: folder, signal: never }),
      /^Error: none: nothing to run at .*`gantry tools`/,
    );
  });

  it('passes on why it could not be found', async () => {
    const runner = createToolRunner(
      () => Promise.reject(new Error('no kustomize: install it')),
      {},
      { runProgram: runProgram() },
    );
    await assert.rejects(
      runner.run('kustomize', [], { cwd: folder, signal: never }),
      /no kustomize: install it/,
    );
  });

  it('does not start once the signal is aborted', async () => {
    const signal = AbortSignal.abort(new Error('stopped before'));
    await assert.rejects(run('touch started', { signal }), /stopped before/);
    assert.equal(existsSync(join(folder, 'started')), false);
  });

  const stubborn: readonly (readonly [title: string, script: string])[] = [
    ['the tool and its children', 'sleep 60 & echo $! > child; echo $$ > tool; wait'],
    [
      'an orphan that holds standard output',
      '(trap "" TERM; echo $$ > tool; sleep 60) & echo $! > child; sleep 60',
    ],
  ];
  for (const [title, body] of stubborn) {
    it(`ends as a whole on abort: ${title}`, async () => {
      const controller = new AbortController();
      const running = assert.rejects(run(body, { signal: controller.signal }), /the user stopped it/);
      while (!existsSync(join(folder, 'child')) || !readFileSync(join(folder, 'child'), 'utf8').trim())
        await wait(10);
      const started = Date.now();
      controller.abort(new Error('the user stopped it'));
      await running;
      assert.ok(Date.now() - started < 2000, `took ${Date.now() - started} ms`);
      assert.equal(isRunning(Number(readFileSync(join(folder, 'child'), 'utf8'))), false);
    });
  }

  it('is not held up by an orphan after it ended well', async () => {
    const started = Date.now();
    assert.equal(await run('sleep 60 & echo done'), 'done\n');
    assert.ok(Date.now() - started < 2000, `took ${Date.now() - started} ms`);
  });

  function script(name: string, body: string): string {
    const path = join(folder, name);
    writeFileSync(path, `#!/bin/sh\n${body}\n`);
    chmodSync(path, 0o755);
    return path;
  }

  function run(body: string, options: { readonly [key: string]: unknown } = {}): Promise<string> {
    script('it', body);
    const resolve = (name: string) => Promise.resolve({ path: join(folder, name) });
    const runner = createToolRunner(
      resolve,
      { PATH: process.env['PATH']!, GANTRY_TASK: 't' },
      { runProgram: runProgram() },
    );
    return runner.run('it', [], { cwd: folder, signal: never, ...options });
  }
}
