import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';
import { createToolResolver } from '../../src/tools/tools.ts';
import { startWorker, type RunningWorker } from '../../src/worker.ts';
import { useTemporalServer, type TestServer } from '../support/temporal-server.ts';

describe('worker', function () {
  this.timeout(60_000);
  let server: TestServer;
  let client: Client;
  let root: string;
  const workers: RunningWorker[] = [];

  before(async function () {
    server = await useTemporalServer();
    client = await server.client();
  });

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'gantry-worker-'));
  });

  afterEach(async () => {
    for (const worker of workers.splice(0)) await worker.stop();
    await rm(root, { recursive: true });
  });

  it('runs a promotion, and stops cleanly', async () => {
    const lines: string[] = [];
    const worker = await start({ write: (line) => void lines.push(line) });
    const result = await promote([{ uses: 'compose-output', as: 'out', config: { a: 1, b: 'text' } }]);
    assert.equal(result.phase, 'Succeeded');
    assert.deepEqual(result.state, { out: { a: 1, b: 'text' } });
    await worker.stop();
    await worker.stop();
    assert.equal(await worker.ended, undefined);
    const found = lines.map((line) => JSON.parse(line) as { level: string; message: string });
    assert.deepEqual(
      found.filter(({ level }) => level !== 'info' && level !== 'debug'),
      [],
    );
    assert.equal(found.at(-1)?.message, 'Worker has stopped');
  });

  it('keeps its identity on the same disk, and shares it with nobody', async () => {
    const first = await start();
    await assert.rejects(start(), /workspaces folder .* is in use by process \d+/);
    await first.stop();
    const second = await start();
    assert.equal(second.uid, first.uid);
  });

  it('takes inline steps only when told so', async () => {
    await start({ allowInlineSteps: false });
    await assert.rejects(promote([{ uses: 'fail' }]), (error: Error) => {
      assert.match(String(error.cause), /--allow-inline-steps/);
      return true;
    });
  });

  it('says where it could not connect, and leaves nothing open', async () => {
    await assert.rejects(start({ address: '127.0.0.1:1' }));
    await start();
  });

  interface StartOptions {
    readonly allowInlineSteps?: boolean;
    readonly address?: string;
    readonly write?: (line: string) => void;
  }

  async function start(options: StartOptions = {}): Promise<RunningWorker> {
    const { allowInlineSteps = true, address = server.address, write = () => {} } = options;
    const worker = await startWorker({
      connection: { address },
      namespace: server.namespace,
      workspaces: root,
      tools: createToolResolver({ env: process.env }),
      allowInlineSteps,
      log: { level: 'info', format: 'json', write },
    });
    workers.push(worker);
    return worker;
  }

  async function promote(steps: readonly object[]): Promise<PromotionStatus> {
    const freight = { images: [{ repoURL: 'registry.test/app', tag: '1.0.0' }] };
    return client.workflow.execute('promotion', {
      taskQueue: 'gantry',
      workflowId: `worker-${Math.random().toString(36).slice(2)}`,
      args: [{ project: 'demo', stage: 'test', freight, steps }],
    });
  }
});
