import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client, WorkflowHandle } from '@temporalio/client';
import { queues } from '../../src/core/promotion/calls.ts';
import { spawnGantry } from '../support/cli.ts';
import { until } from '../support/promotion-rig.ts';
import { openSilentServer, type SilentServer } from '../support/silent-server.ts';
import { useTemporalServer, type TestServer } from '../support/temporal-server.ts';

describe('gantry worker told to stop twice', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-signals-'));
  let server: TestServer;
  let client: Client;
  let silent: SilentServer;

  before(async () => {
    server = await useTemporalServer();
    client = await server.client();
    silent = await openSilentServer();
  });
  after(() => {
    silent.close();
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });

  it('cuts running steps off, tells the server, and ends in good order', async () => {
    const gantry = spawnGantry(
      ['worker', '--data', folder, '--allow-inline-steps', '--http-allow=loopback', '--log-format=json'],
      { cwd: folder, home: folder, env: { TEMPORAL_ADDRESS: server.address } },
    );
    await gantry.until('stderr', /Worker is ready/);
    const handle = await askSilence();
    await until(async () => Number((await lookAt(handle))?.state) === started);
    gantry.child.kill('SIGTERM');
    await sleep(500);
    assert.equal(gantry.child.exitCode, null, 'a running step is given time');
    gantry.child.kill('SIGTERM');
    const { code, stderr } = await gantry.exited;
    assert.equal(code, 0, stderr);
    assert.match(stderr, /Worker has stopped/);
    const { lastFailure } = (await lookAt(handle)) ?? {};
    assert.equal(lastFailure?.applicationFailureInfo?.type, 'WorkerShutdown');
    await handle.terminate();
  });

  /** A promotion that waits for an answer which never comes. */
  function askSilence(): Promise<WorkflowHandle> {
    const config = { url: `http://127.0.0.1:${silent.port}`, timeout: '5m', successExpression: 'true' };
    return client.workflow.start('promotion', {
      workflowId: 'promotion/demo/signals/silence',
      taskQueue: queues.main,
      args: [
        {
          project: 'demo',
          stage: 'signals',
          freight: { images: [{ repoURL: 'registry.test/app', tag: '1.0.0' }] },
          steps: [{ uses: 'http', config }],
        },
      ],
    });
  }

  async function lookAt(handle: WorkflowHandle) {
    const { raw } = await handle.describe();
    return raw.pendingActivities?.[0];
  }
});

/** PENDING_ACTIVITY_STATE_STARTED. */
const started = 2;
