import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { openProcessHost, type ProcessHost } from '../../../src/providers/programs/open-process-host.ts';
import type { ProgramCall, ToolProgram } from '../../../src/providers/programs/program.ts';
import { isRunning } from '../../support/is-running.ts';

describe('a process host', () => {
  let folder: string;
  let host: ProcessHost;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gantry-host-'));
    host = openProcessHost();
  });
  afterEach(async () => {
    await host.close();
    rmSync(folder, { recursive: true });
  });

  it('is one small process for all runs, in a group of its own', async () => {
    const [first, second] = await Promise.all([parentOf(host), parentOf(host)]);
    assert.equal(first, second);
    assert.notEqual(first, process.pid);
    if (process.platform === 'linux') assert.equal(groupOf(first), first);
  });

  it('is given nothing of our environment', async function () {
    if (process.platform !== 'linux') return;
    const environment = readFileSync(`/proc/${await parentOf(host)}/environ`, 'utf8').split('\0');
    const names = environment.map((line) => line.split('=')[0]).filter(Boolean);
    assert.deepEqual(
      names.filter((name) => !name!.startsWith('NODE_CHANNEL_')),
      [],
    );
  });

  it('passes on large output to the letter', async () => {
    const output = await host.run(
      script('i=0; while [ $i -lt 60000 ]; do echo "zażółć 𝄞 $i"; i=$((i+1)); done'),
      newCall(),
    );
    const lines = Array.from({ length: 60_000 }, (_, i) => `zażółć 𝄞 ${i}\n`);
    assert.ok(output === lines.join(''));
  });

  it('keeps runs apart', async () => {
    const numbers = Array.from({ length: 20 }, (_, number) => `${number}\n`);
    const outputs = numbers.map((number) => host.run(script(`echo ${number}`), newCall()));
    assert.deepEqual(await Promise.all(outputs), numbers);
  });

  it('does not act on the signals that are meant for us', async () => {
    const pid = await parentOf(host);
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.kill(pid, signal);
    assert.equal(await parentOf(host), pid);
  });

  it('fails what ran when it dies, when that is gone, and is started anew', async () => {
    const pid = await parentOf(host);
    const running = host.run(script('echo $$ > pid; sleep 60'), newCall());
    running.catch(() => undefined);
    const program = await pidIn(join(folder, 'pid'));
    process.kill(pid, 'SIGKILL');
    await assert.rejects(running, {
      message: 'it was cut off: the process that starts programs ended with SIGKILL',
    });
    if (process.platform === 'linux') assert.equal(isRunning(program), false);
    assert.notEqual(await parentOf(host), pid);
  });

  it('gives the reason of an abort also when it dies meanwhile', async () => {
    const pid = await parentOf(host);
    const controller = new AbortController();
    const running = host.run(script('echo $$ > pid; sleep 60'), { signal: controller.signal });
    running.catch(() => undefined);
    await pidIn(join(folder, 'pid'));
    process.kill(pid, 'SIGKILL');
    controller.abort(new Error('told to stop'));
    await assert.rejects(running, { message: 'told to stop' });
  });

  it('ends with what it runs when it is closed, and is not started again', async () => {
    const pid = await parentOf(host);
    const running = host.run(script('echo $$ > pid; sleep 60'), newCall());
    running.catch(() => undefined);
    const program = await pidIn(join(folder, 'pid'));
    await host.close();
    await assert.rejects(running, /it was cut off/);
    assert.deepEqual([isRunning(pid), isRunning(program)], [false, false]);
    await assert.rejects(host.run(script('true'), newCall()), /the worker is closing/);
  });

  it('ends with what it runs when its owner is killed', async () => {
    const owner = fileURLToPath(new URL('../../support/host-owner.ts', import.meta.url));
    const process_ = spawn(process.execPath, ['--import', 'tsx', owner, folder], { stdio: 'ignore' });
    const [pid, program] = [await pidIn(join(folder, 'host')), await pidIn(join(folder, 'pid'))];
    assert.deepEqual([isRunning(pid), isRunning(program)], [true, true]);
    process_.kill('SIGKILL');
    await once(process_, 'exit');
    while (isRunning(pid) || isRunning(program)) await wait(20);
  });

  function parentOf(some: ProcessHost): Promise<number> {
    return some.run(script('echo $PPID'), newCall()).then(Number);
  }

  function script(text: string): ToolProgram {
    const env = { PATH: process.env['PATH']!, GANTRY_TASK: folder };
    return {
      kind: 'tool',
      tool: 'it',
      file: '/bin/sh',
      args: ['-c', text],
      cwd: folder,
      env,
      maxOutput: 1 << 24,
    };
  }
});

async function pidIn(file: string): Promise<number> {
  while (!existsSync(file) || !readFileSync(file, 'utf8').endsWith('\n')) await wait(10);
  return Number(readFileSync(file, 'utf8'));
}

function groupOf(pid: number): number {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  return Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[2]);
}

function newCall(): ProgramCall {
  return { signal: new AbortController().signal };
}
