import assert from 'node:assert/strict';
import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm, utimes } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { WorkspaceLost } from '../../../src/core/errors.ts';
import { sizeOfFolder } from '../../../src/activities/workspace/folders.ts';
import { tidyWorkspaces, type JanitorRules } from '../../../src/activities/workspace/janitor.ts';
import { openWorkspaces } from '../../../src/activities/workspace/open-workspaces.ts';
import type { Workspaces } from '../../../src/activities/workspace/workspaces.ts';

const owner = { workflowId: 'promotion/demo/test/one', firstRunId: 'run-1' };
const other = { workflowId: 'promotion/demo/test/two', firstRunId: 'run-2' };

describe('workspaces', () => {
  let root: string;
  let workspaces: Workspaces;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'gantry-workspaces-'));
    workspaces = await openWorkspaces(root, 2);
  });

  afterEach(async () => {
    await workspaces.close();
    await rm(root, { recursive: true });
  });

  async function reopen(): Promise<void> {
    await workspaces.close();
    workspaces = await openWorkspaces(root, 2);
  }

  async function doStep(generation: number, index: number, file: string): Promise<void> {
    const entered = await workspaces.enter(owner, generation, index);
    writeFileSync(join(entered.files, file), 'x'.repeat(2000));
    await entered.markDone();
    entered.leave();
  }

  it('give a promotion its folder, and the same one again', async () => {
    assert.deepEqual(await workspaces.claim({ ...owner, generation: 1 }, 'run-1'), []);
    await doStep(1, 0, 'made');
    assert.deepEqual(await workspaces.claim({ ...owner, generation: 1 }, 'run-1'), [0]);
    await workspaces.release({ ...owner, remove: false });
    assert.equal(workspaces.leases.count, 0);
    assert.deepEqual(await workspaces.claim({ ...owner, generation: 2 }, 'run-1'), [0]);
    const entered = await workspaces.enter(owner, 2, 1);
    assert.deepEqual(readdirSync(entered.files), ['made'], 'marker and home lie outside of what steps see');
    assert.ok(existsSync(entered.home));
    entered.leave();
  });

  it('keep uid, leases and work when the worker restarts', async () => {
    const { uid } = workspaces;
    await workspaces.claim({ ...owner, generation: 1 }, 'run-1');
    await workspaces.claim({ ...other, generation: 1 }, 'run-2');
    await doStep(1, 0, 'made');
    await workspaces.release({ ...other, remove: false });
    await reopen();
    assert.equal(workspaces.uid, uid);
    assert.equal(workspaces.leases.count, 1);
    assert.deepEqual(await workspaces.claim({ ...owner, generation: 2 }, 'run-1'), [0]);
  });

  const lost: Readonly<Record<string, () => Promise<unknown> | void>> = {
    'it was never claimed': () => workspaces.release({ ...owner, remove: true }),
    'its folder is gone': () => {
      for (const name of readdirSync(root).filter((name) => /^[0-9a-f]{32}$/.test(name))) {
        rmSync(join(root, name), { recursive: true });
      }
    },
    'its files are gone': () => {
      for (const name of readdirSync(root).filter((name) => /^[0-9a-f]{32}$/.test(name))) {
        rmSync(join(root, name, 'files'), { recursive: true });
      }
    },
    'its marker was not written whole': () => {
      for (const name of readdirSync(root).filter((name) => /^[0-9a-f]{32}$/.test(name))) {
        writeFileSync(join(root, name, '.promotion.json'), '{"workflowId": "promo');
      }
    },
    'a later claim has it': () => workspaces.claim({ ...owner, generation: 2 }, 'run-1'),
  };
  for (const [why, lose] of Object.entries(lost)) {
    it(`let nobody in when ${why}, and give an empty folder to the next claim`, async () => {
      await workspaces.claim({ ...owner, generation: 1 }, 'run-1');
      await lose();
      await assert.rejects(workspaces.enter(owner, 1, 0), WorkspaceLost);
      assert.deepEqual(await workspaces.claim({ ...owner, generation: 3 }, 'run-1'), []);
      await doStep(3, 0, 'made');
    });
  }

  it('end an attempt whose folder is claimed anew, and take its work for nothing', async () => {
    await workspaces.claim({ ...owner, generation: 1 }, 'run-1');
    const zombie = await workspaces.enter(owner, 1, 0);
    const end = async () => {
      await once(zombie.signal, 'abort');
      await assert.rejects(zombie.markDone(), WorkspaceLost);
      zombie.leave();
    };
    const ended = end();
    assert.deepEqual(await workspaces.claim({ ...owner, generation: 2 }, 'run-1'), []);
    await ended;
    await assert.rejects(workspaces.enter(owner, 1, 0), /a later claim/);
  });

  it('let one attempt of a step in at a time', async () => {
    await workspaces.claim({ ...owner, generation: 1 }, 'run-1');
    const first = await workspaces.enter(owner, 1, 0);
    let isIn = false;
    const second = workspaces.enter(owner, 1, 0).then((entered) => {
      isIn = true;
      return entered;
    });
    await once(first.signal, 'abort');
    await setImmediate();
    assert.equal(isIn, false);
    first.leave();
    (await second).leave();
  });

  it('do not count on a step that runs again', async () => {
    await workspaces.claim({ ...owner, generation: 1 }, 'run-1');
    await doStep(1, 0, 'a');
    await doStep(1, 1, 'b');
    const again = await workspaces.enter(owner, 1, 1);
    again.leave();
    assert.deepEqual(await workspaces.claim({ ...owner, generation: 2 }, 'run-1'), [0]);
  });

  it('refuse a late claim of the same run', async () => {
    await workspaces.claim({ ...owner, generation: 2 }, 'run-1');
    await assert.rejects(workspaces.claim({ ...owner, generation: 1 }, 'run-1'), WorkspaceLost);
  });

  it('do not hand the files of its future to a promotion that was reset', async () => {
    await workspaces.claim({ ...owner, generation: 1 }, 'run-1');
    await doStep(1, 0, 'a');
    await doStep(1, 1, 'b');
    await assert.rejects(workspaces.enter(owner, 1, 0), /later steps/);
    assert.deepEqual(await workspaces.claim({ ...owner, generation: 2 }, 'run-1'), []);
    await doStep(2, 0, 'a');
    assert.deepEqual(await workspaces.claim({ ...owner, generation: 1 }, 'run-after-reset'), []);
  });

  it('remove a folder with everything in it', async () => {
    await workspaces.claim({ ...owner, generation: 1 }, 'run-1');
    await doStep(1, 0, 'a');
    await workspaces.release({ ...owner, remove: true });
    await workspaces.release({ ...owner, remove: true });
    assert.equal(workspaces.leases.count, 0);
    assert.deepEqual(await workspaces.list(), []);
    // Whoever closes waits for what is still being deleted.
    await workspaces.close();
    assert.deepEqual(
      readdirSync(root).filter((name) => !['.lock', '.worker-id'].includes(name)),
      [],
    );
  });

  it('refuse a second worker, and take over from a dead one', async () => {
    await assert.rejects(
      openWorkspaces(root, 2),
      /in use by process \d+ on .+: stop it, or use another folder/,
    );
    await workspaces.close();
    const dead = spawnSync(process.execPath, ['-e', '']).pid;
    for (const holder of [
      { host: hostname(), pid: dead, started: '1' },
      { host: hostname(), pid: process.pid, started: 'another process with this number' },
      'no holder at all',
    ]) {
      writeFileSync(join(root, '.lock'), JSON.stringify(holder));
      await reopen();
    }
  });

  it('believe a lock of another machine as long as it shows signs of life', async () => {
    await workspaces.close();
    writeFileSync(join(root, '.lock'), JSON.stringify({ host: 'elsewhere.test', pid: 1, started: '1' }));
    await assert.rejects(openWorkspaces(root, 2), /process 1 on elsewhere.test/);
    const then = new Date(Date.now() - 60_000);
    await utimes(join(root, '.lock'), then, then);
    workspaces = await openWorkspaces(root, 2);
  });

  it('end what a dead worker left running', async function () {
    if (process.platform !== 'linux') return;
    const env = { ...process.env, GANTRY_TASK: `${workspaces.uid}/run/0-x/1` };
    const orphan = spawn(process.execPath, ['-e', 'setTimeout(() => {}, 60000)'], { env, stdio: 'ignore' });
    await once(orphan, 'spawn');
    const ended = once(orphan, 'exit');
    await reopen();
    assert.deepEqual(await ended, [null, 'SIGKILL']);
  });

  describe('janitor', () => {
    const quiet = { info() {}, warn() {} };
    const rules: JanitorRules = {
      isOpen: () => Promise.resolve(true),
      sizeOf: ({ folder }) => sizeOfFolder(folder),
      maximumBytes: 1e9,
      leaseIdle: 60_000,
      log: quiet,
    };

    async function folders(): Promise<number> {
      return (await workspaces.list()).length;
    }

    it('removes the folders of promotions that have ended, leased or not', async () => {
      await workspaces.claim({ ...owner, generation: 1 }, 'run-1');
      await workspaces.claim({ ...other, generation: 1 }, 'run-2');
      const isOpen = ({ firstRunId }: { firstRunId: string }) => Promise.resolve(firstRunId === 'run-1');
      await tidyWorkspaces(workspaces, { ...rules, isOpen });
      assert.equal(await folders(), 1);
      assert.equal(workspaces.leases.count, 1);
    });

    it('removes nothing while nobody can tell', async () => {
      await workspaces.claim({ ...owner, generation: 1 }, 'run-1');
      await tidyWorkspaces(workspaces, { ...rules, isOpen: () => Promise.reject(new Error('no server')) });
      assert.equal(await folders(), 1);
    });

    it('removes the least recently used of those that wait, beyond the bound', async () => {
      await workspaces.claim({ ...owner, generation: 1 }, 'run-1');
      await doStep(1, 0, 'a');
      await workspaces.release({ ...owner, remove: false });
      await new Promise((resolve) => setTimeout(resolve, 5));
      await workspaces.claim({ ...other, generation: 1 }, 'run-2');
      await workspaces.release({ ...other, remove: false });
      await tidyWorkspaces(workspaces, { ...rules, maximumBytes: 1000 });
      assert.deepEqual(
        (await workspaces.list()).map(({ marker }) => marker?.firstRunId),
        ['run-2'],
      );
    });

    it('takes back forgotten leases, but never from a step that works', async () => {
      await workspaces.claim({ ...owner, generation: 1 }, 'run-1');
      await workspaces.claim({ ...other, generation: 1 }, 'run-2');
      const entered = await workspaces.enter(other, 1, 0);
      await tidyWorkspaces(workspaces, { ...rules, leaseIdle: 0 });
      assert.equal(workspaces.leases.count, 1);
      entered.leave();
      await reopen();
      assert.equal(workspaces.leases.count, 1);
      await doStep(1, 0, 'a');
      assert.equal(workspaces.leases.count, 2, 'whoever comes back has its lease again');
    });
  });
});
