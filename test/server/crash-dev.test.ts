import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findTarget, openClient } from '../../src/client/connect.ts';
import { createPromotions } from '../../src/client/promotions.ts';
import { createWatchedRepository, expectOneCommit, untilStep } from '../support/crash.ts';
import { spawnGantry, type GantryProcess } from '../support/cli.ts';
import { createSlowTools, renderedRequest } from '../support/pipeline.ts';

/** Seconds that rendering takes: long enough to be killed in it. */
const slowness = 2;

describe('gantry dev killed with everything in it', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-crash-dev-'));
  const tools = createSlowTools(join(folder, 'tools'), slowness);
  const data = join(folder, 'data');
  let dev: GantryProcess;

  afterEach(async () => {
    dev.child.kill('SIGTERM');
    await dev.exited;
  });
  after(() => rmSync(folder, { recursive: true, maxRetries: 5 }));

  it('goes on with the next gantry dev in the same folder', async () => {
    const repository = createWatchedRepository(join(folder, 'repository.git'));
    await startDev();
    const before = await openClient(await findTarget({ data }, { HOME: folder }));
    const promotion = await createPromotions(before.client).start(renderedRequest(repository, '1.0.0'));
    await untilStep(before.client, promotion, 'kustomize-build');
    await sleep((slowness * 1000) / 2);
    await before.close();
    dev.child.kill('SIGKILL');
    await dev.exited;

    await startDev();
    const session = await openClient(await findTarget({ data }, { HOME: folder }));
    await expectOneCommit(session.client, promotion, repository);
    await session.close();
  });

  async function startDev(): Promise<void> {
    const env = { GANTRY_TOOLS: 'path', PATH: `${tools}:${process.env['PATH']}` };
    dev = spawnGantry(['dev', '--port', '0', '--data', data, '-o', 'json'], {
      cwd: folder,
      home: folder,
      env,
    });
    await dev.until('stdout', /\n/);
  }
});
