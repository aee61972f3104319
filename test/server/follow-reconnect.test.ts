import assert from 'node:assert/strict';
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openPromotions } from '../../src/client/open-promotions.ts';
import { findFreePort } from '../../src/dev/ports.ts';
import { spawnGantry, type GantryProcess } from '../support/cli.ts';

const request = {
  project: 'demo',
  stage: 'test',
  freight: { images: [{ repoURL: 'a/b', tag: '1.0.0' }] },
  // Goes on trying for as long as anybody lets it.
  steps: [
    {
      uses: 'git-clone',
      as: 'clone',
      retry: { errorThreshold: 1000 },
      config: { repoURL: 'http://127.0.0.1:9/none.git', checkout: [{ branch: 'main', path: './src' }] },
    },
  ],
};

describe('following a promotion through the end of its server', function () {
  this.timeout(120_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-reconnect-'));
  const data = join(folder, 'data');
  const running: GantryProcess[] = [];
  const start = (...argv: string[]): GantryProcess => {
    const gantry = spawnGantry([...argv, '--data', data], { cwd: folder, home: folder });
    running.push(gantry);
    return gantry;
  };
  after(async () => {
    for (const gantry of running) gantry.child.kill('SIGKILL');
    await Promise.all(running.map(({ exited }) => exited));
    rmSync(folder, { recursive: true, maxRetries: 5 });
  });

  it('says so, goes on when the server is back, and tells the end; dev --reset then forgets it all', async () => {
    mkdirSync(data);
    writeFileSync(join(data, 'notes.txt'), 'mine');
    const port = String(await findFreePort(0));
    const first = start('dev', '--port', port);
    await first.until('stdout', /Ctrl-C stops it/);
    const session = await openPromotions({ data }, { HOME: folder });
    const ref = await session.promotions.start(request);
    const watcher = start('watch', ref.workflowId, '-o', 'json');
    await watcher.until('stderr', /"event":"step-trouble"/);

    first.child.kill('SIGTERM');
    await first.exited;
    await watcher.until('stderr', /"event":"connection-lost"/);
    const second = start('dev', '--port', port);
    await second.until('stdout', /Ctrl-C stops it/);
    await watcher.until('stderr', /"event":"(connection-restored|worker-found)"/);

    await session.promotions.abort(ref, { actor: 'test' });
    const { code, stdout } = await watcher.exited;
    assert.equal(code, 3);
    assert.equal((JSON.parse(stdout) as { phase: string }).phase, 'Aborted');
    await session.close();

    second.child.kill('SIGTERM');
    await second.exited;
    const third = start('dev', '--port', port, '--reset');
    await third.until('stdout', /Ctrl-C stops it/);
    assert.ok(existsSync(join(data, 'notes.txt')));
    const again = start('watch', ref.workflowId);
    const end = await again.exited;
    assert.match(end.stderr, /There is no promotion "/);
    assert.equal(end.code, 2);
    third.child.kill('SIGTERM');
    await third.exited;
  });
});
