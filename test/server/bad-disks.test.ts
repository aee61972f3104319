import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { Client } from '@temporalio/client';
import { createPromotions } from '../../src/client/promotions.ts';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';
import { hermeticEnvironment, spawnGantry } from '../support/cli.ts';
import { createTestRepository, type TestRepository } from '../support/git-repository.ts';
import { useUpOldPolls } from '../support/old-polls.ts';
import { awaitStatus } from '../support/pipeline.ts';
import { smallDisk } from '../support/small-disk.ts';
import { useTemporalServer, type TestServer } from '../support/temporal-server.ts';

const program = fileURLToPath(new URL('../../bin/gantry', import.meta.url));

describe('a disk that is full or cannot be written', function () {
  this.timeout(90_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-bad-disk-'));
  let server: TestServer;
  let client: Client;
  before(async () => {
    server = await useTemporalServer();
    client = await server.client();
  });
  after(() => rmSync(folder, { recursive: true, maxRetries: 5 }));

  describe('in the middle of a step', () => {
    const workspaces = join(folder, 'workspaces');
    const { command, complaint } = smallDisk(workspaces, 8);
    let worker: ReturnType<typeof startWorker>;

    before(async () => {
      mkdirSync(workspaces);
      worker = startWorker();
      await worker.ready;
      await useUpOldPolls(client);
    });
    after(async () => {
      worker.child.kill('SIGTERM');
      assert.equal(await worker.exited, 0);
    });

    it('ends the promotion with the reason, the remote as it was, and room for the next one', async () => {
      const large = createRepository('large.git', randomBytes(6 * 1024 ** 2).toString('latin1'));
      const before = large.git('for-each-ref');
      const { phase, message, stepExecutionMetadata } = await promote(large);
      assert.equal(phase, 'Errored');
      assert.match(message ?? '', complaint);
      assert.match(message ?? '', /"clone"/);
      assert.deepEqual(
        stepExecutionMetadata.map(({ status }) => status),
        ['Errored', 'Skipped', 'Skipped', 'Skipped'],
      );
      assert.equal(large.git('for-each-ref'), before);

      const small = createRepository('small.git', 'a few words');
      assert.equal((await promote(small)).phase, 'Succeeded');
      assert.equal(small.git('log', '-1', '--format=%s', 'main'), 'two');
    });

    /** A worker in a process of its own, since only that one is to find no room. */
    function startWorker() {
      const argv = [process.execPath, program, 'worker', '--workspaces', workspaces, '--allow-inline-steps'];
      const [first, ...rest] = command;
      const child = spawn(first, [...rest, ...argv], {
        cwd: folder,
        env: { ...hermeticEnvironment(folder), TEMPORAL_ADDRESS: server.address },
        stdio: ['ignore', 'ignore', 'pipe'],
      });
      let written = '';
      const exited = new Promise<number>((resolve) => child.once('close', (code) => resolve(code ?? -1)));
      const ready = new Promise<void>((resolve, reject) => {
        child.stderr.on('data', (chunk: Buffer) => {
          written += chunk.toString();
          if (written.includes('Worker is ready')) resolve();
        });
        void exited.then((code) => reject(new Error(`the worker ended with ${code}: ${written}`)));
      });
      return { child, exited, ready };
    }
  });

  it('as data folder: gantry dev names it, the reason and the remedy', async () => {
    const { code, stderr } = await run(['dev', '--port', '0', '--data', nowhere, '--log-format', 'text']);
    assert.match(
      stderr,
      /\nThe data folder \S+ cannot be used: [^:]+\. Choose another with --data DIR or GANTRY_DATA\n$/,
    );
    assert.equal(code, 1);
  });

  it('as workspaces folder: gantry worker names it, the reason and the remedy', async () => {
    const { code, stderr } = await run(['worker', '--workspaces', nowhere]);
    assert.match(
      stderr,
      /The workspaces folder \S+ cannot be used: .*Choose another with --workspaces DIR or /,
    );
    assert.doesNotMatch(stderr, /\n {4}at /);
    assert.equal(code, 1);
  });

  const run = (argv: readonly string[]) =>
    spawnGantry(argv, { cwd: folder, home: folder, env: { TEMPORAL_ADDRESS: server.address } }).exited;

  function createRepository(name: string, text: string): TestRepository {
    const files = { 'notes.yaml': 'note: one\n', 'large.txt': text };
    return createTestRepository(join(folder, name), {
      commits: [{ id: 'one', branch: 'main', message: 'one', files }],
    });
  }

  async function promote({ url }: TestRepository): Promise<PromotionStatus> {
    const promotions = createPromotions(client);
    const path = './src';
    const ref = await promotions.start({
      project: 'demo',
      stage: 'test',
      freight: { images: [{ repoURL: 'example/hello', tag: '1.0.0' }] },
      steps: [
        { uses: 'git-clone', as: 'clone', config: { repoURL: url, checkout: [{ branch: 'main', path }] } },
        { uses: 'delete', as: 'delete', config: { path: `${path}/notes.yaml` } },
        { uses: 'git-commit', as: 'commit', config: { path, message: 'two' } },
        { uses: 'git-push', as: 'push', config: { path } },
      ],
    });
    return awaitStatus(promotions, ref);
  }
});

/** No system lets anybody make a folder there, not even root. */
const nowhere = '/sys/gantry';
