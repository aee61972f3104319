import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openSession } from '../../src/client/open-promotions.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { keyIdOf } from '../../src/encryption/codec.ts';
import { parseKeys, type Keyring } from '../../src/encryption/keys.ts';
import { createToolResolver } from '../../src/tools/tools.ts';
import { startWorker, type RunningWorker } from '../../src/worker.ts';
import { useUpOldPolls } from '../support/old-polls.ts';
import { until } from '../support/promotion-rig.ts';
import { useTemporalServer, type TestServer } from '../support/temporal-server.ts';

const [mine, other] = ['mine', 'other'].map((id) =>
  parseKeys(`${id}:${randomBytes(32).toString('base64')}`, 'test'),
);

describe('encrypted promotions', function () {
  this.timeout(60_000);
  let server: TestServer;
  let folder: string;
  let worker: RunningWorker;

  const start = (keys: Keyring, name: string) =>
    startWorker({
      connection: { address: server.address },
      namespace: server.namespace,
      workspaces: join(folder, name),
      tools: createToolResolver({ env: process.env }),
      allowInlineSteps: true,
      keys,
      log: { level: 'error', format: 'text', write: () => {} },
    });

  before(async () => {
    server = await useTemporalServer();
    folder = mkdtempSync(join(tmpdir(), 'gantry-encryption-'));
    worker = await start(mine!, 'one');
    await useUpOldPolls(await server.client());
  });
  after(async () => {
    await worker?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  /** A promotion as a client with these keys starts it; closes the client behind the test. */
  async function promote<T>(
    keys: Keyring,
    steps: readonly JsonObject[],
    work: (
      session: Awaited<ReturnType<typeof openSession>>,
      ref: { workflowId: string; runId: string },
    ) => Promise<T>,
  ): Promise<T> {
    const { address, namespace } = server;
    const session = await openSession({ address, namespace, origin: 'test', options: { address }, keys });
    try {
      const freight = { images: [{ repoURL: 'my/image', tag: '1.0.0' }] };
      const request = { project: 'demo', stage: 'test', freight, steps } as unknown as JsonObject;
      return await work(session, await session.promotions.start(request));
    } finally {
      await session.close();
    }
  }

  it('takes plain input from other clients, and encrypts what it makes of it', async () => {
    const steps = [{ uses: 'compose-output', as: 'out', config: { a: 1 } }];
    await promote([], steps, async ({ promotions }, ref) => {
      await assert.rejects(promotions.outcome(ref, AbortSignal.timeout(30_000)), {
        name: 'UnreadablePayload',
        message: /is encrypted with key "mine", and there are no keys here/,
      });
      const { events } = await (await server.client()).workflow.getHandle(ref.workflowId).fetchHistory();
      // Of the plan, which is made within a workflow task, and of the step.
      const results = (events ?? []).flatMap(
        (event) =>
          event.markerRecordedEventAttributes?.details?.['result']?.payloads ??
          event.activityTaskCompletedEventAttributes?.result?.payloads ??
          [],
      );
      assert.deepEqual(results.map(keyIdOf), ['mine', 'mine']);
    });
  });

  it('ends at once, with the reason, when the input is encrypted with a key that no worker has', async () => {
    await promote(other!, [], async (_session, { workflowId }) => {
      const handle = (await server.client()).workflow.getHandle(workflowId);
      await assert.rejects(handle.result(), () => true);
      const { events = [] } = await handle.fetchHistory();
      assert.equal(
        events?.some((event) => event.workflowTaskFailedEventAttributes),
        false,
      );
    });
    await promote(other!, [], async ({ target, close }, { workflowId }) => {
      await close();
      const reader = await openSession({ ...target, keys: [...other!, ...mine!] });
      try {
        const end = await reader.promotions.outcome({ workflowId }, AbortSignal.timeout(30_000));
        assert.equal(end.kind, 'refused');
        assert.match(
          (end as { message: string }).message,
          /the input cannot be read: it is encrypted with key "other", and the keys here are mine/,
        );
      } finally {
        await reader.close();
      }
    });
  });

  it('tells the journals of steps under way, and refuses to start a worker that could not read them', async () => {
    const steps = [
      {
        uses: 'git-clone',
        config: { repoURL: `${folder}/none`, checkout: [{ path: 'x' }] },
        retry: { errorThreshold: 1000 },
      },
    ];
    await promote(mine!, steps, async ({ promotions }, ref) => {
      await until(async () =>
        (await promotions.journals(ref)).some(
          ({ errors, message }) => errors > 0 && /none/.test(message ?? ''),
        ),
      );
      let reason = '';
      await until(async () => {
        // Lists of the server come a moment later.
        const started = await start(other!, 'two').catch((error: Error) => void (reason = error.message));
        await started?.stop();
        return reason !== '';
      });
      assert.match(
        reason,
        new RegExp(
          `promotion ${ref.workflowId} is under way, encrypted with key "mine", which this worker does not have: add that key`,
        ),
      );
      await promotions.abort(ref, { actor: 'test' });
      await promotions.outcome(ref, AbortSignal.timeout(30_000));
    });
  });
});
