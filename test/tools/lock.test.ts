import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findLockHolder, openLock, waitForLock, type Lock } from '../../src/tools/lock.ts';
import { findProcess, isRunning, type ProcessId } from '../../src/process-id.ts';

describe('A lock', () => {
  let folder: string;
  let path: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gantry-lock-'));
    path = join(folder, 'lock');
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function open(): Promise<Lock> {
    const lock = await openLock(path);
    assert.ok(lock);
    return lock;
  }

  it('is held by one at a time, and known by its process', async () => {
    const lock = await open();
    assert.equal(await openLock(path), undefined);
    assert.equal((await findLockHolder(path))?.pid, process.pid);
    await lock.release();
    assert.equal(await findLockHolder(path), undefined);
    await (await open()).release();
    assert.deepEqual(await readdir(folder), []);
  });

  for (const [title, content] of [
    ['of a process that is gone', JSON.stringify({ pid: 2 ** 22 + 1, started: '1', token: 'a' })],
    ['of an earlier process with the same number', JSON.stringify({ pid: process.pid, started: '1', token: 'a' })],
    ['that nobody can read', '{'],
  ] as const) {
    it(`is taken over ${title}, by one only`, async () => {
      await writeFile(path, content);
      assert.equal(await findLockHolder(path), undefined);
      const tries = await Promise.all(Array.from({ length: 20 }, () => openLock(path)));
      const taken = tries.filter((lock) => lock !== undefined);
      assert.equal(taken.length, 1);
      await taken[0]!.release();
      assert.deepEqual(await readdir(folder), []);
    });
  }

  it('is taken over even when somebody was killed while taking it over', async () => {
    const dead = { pid: 2 ** 22 + 1, started: '1', token: 'a' };
    await writeFile(path, JSON.stringify(dead));
    await writeFile(`${path}.claim-a`, JSON.stringify({ ...dead, token: 'b' }));
    const lock = await waitForLock(path, new AbortController().signal, () => {});
    await lock.release();
    assert.deepEqual(await readdir(folder), []);
  });

  it('is waited for, telling once who holds it', async () => {
    const first = await open();
    const told: ProcessId[] = [];
    const second = waitForLock(path, new AbortController().signal, (holder) => told.push(holder));
    setTimeout(() => void first.release(), 350);
    await (await second).release();
    assert.deepEqual(
      told.map(({ pid }) => pid),
      [process.pid],
    );
  });

  it('is not waited for after an abort', async () => {
    const lock = await open();
    const reason = new Error('enough');
    const waiting = waitForLock(path, AbortSignal.abort(reason), () => {});
    await assert.rejects(waiting, reason);
    await lock.release();
  });
});

describe('A process id', () => {
  it('is that of the running process only', async () => {
    const child = spawn('/bin/sleep', ['30']);
    const id = await findProcess(child.pid!);
    assert.ok(id);
    assert.equal(await isRunning(id), true);
    assert.equal(await isRunning({ ...id, started: 'before' }), false);
    child.kill('SIGKILL');
    await new Promise((resolve) => child.once('exit', resolve));
    assert.equal(await isRunning(id), false);
  });
});
