import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';
import { useTemporalServer, type TestServer } from '../support/temporal-server.ts';
import { promote, startRig, stepThat, type WorkerRig } from './worker-rig.ts';

describe('worker: killed in the middle of a step', function () {
  this.timeout(90_000);
  let server: TestServer;
  let client: Client;
  let rig: WorkerRig | undefined;
  const roots: string[] = [];

  before(async function () {
    server = await useTemporalServer();
    client = await server.client();
  });

  afterEach(async () => {
    await rig?.stop();
    rig = undefined;
    for (const root of roots.splice(0)) await rm(root, { recursive: true, force: true });
  });

  for (const disk of ['the same disk', 'another disk'] as const) {
    it(`goes on with ${disk}`, async () => {
      const root = await newRoot();
      const kinds = [{ kind: 'doomed-write' }, { kind: 'doomed-hang' }];
      const { handle, orphan } = await dieInSecondStep(root, kinds);

      const wrote: string[] = [];
      const write = stepThat(
        ({ promotion }) => {
          wrote.push(promotion.name);
          return {};
        },
        'workspace',
        'doomed-write',
      );
      const list = stepThat(
        async ({ workspace }) => ({ output: { files: await readdir(workspace.root) } }),
        'workspace',
        'doomed-hang',
      );
      rig = await startRig(server, disk === 'the same disk' ? root : await newRoot(), [write, list]);
      const { state, phase, stepExecutionMetadata } = (await handle.result()) as PromotionStatus;
      assert.equal(phase, 'Succeeded');
      assert.deepEqual(
        stepExecutionMetadata.map(({ errorCount }) => errorCount),
        [0, 0],
      );
      if (disk === 'the same disk') {
        assert.deepEqual(state?.['step-2'], { files: ['first', 'half-done'] });
        assert.equal(wrote.length, 0, 'what was done is not done again');
        assert.equal(isRunning(orphan), false, 'nobody writes to the files any more');
      } else {
        assert.equal(wrote.length, 1, 'its files are made again');
        assert.deepEqual(state?.['step-2'], { files: [] });
        process.kill(orphan, 'SIGKILL');
      }
    });
  }

  async function newRoot(): Promise<string> {
    const root = await mkdtemp(join(tmpdir(), 'gantry-kill-'));
    roots.push(root);
    return root;
  }

  async function dieInSecondStep(root: string, kinds: readonly { kind: string }[]) {
    const file = fileURLToPath(new URL('doomed-worker.ts', import.meta.url));
    const args = ['--import', 'tsx', file, server.address, server.namespace, root];
    const doomed = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
    const exited = once(doomed, 'exit');
    const handle = await promote(client, kinds);
    const [line] = (await once(doomed.stdout, 'data')) as [Buffer];
    doomed.kill('SIGKILL');
    await exited;
    return { handle, orphan: Number(line.toString()) };
  }
});

function isRunning(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
