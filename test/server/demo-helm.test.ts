import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkRequest } from '../../src/client/check-request.ts';
import { openDemoRepository, type DemoRepository } from '../../src/client/demo/repository.ts';
import { createPromotions, type Promotions } from '../../src/client/promotions.ts';
import type { RunningWorker } from '../../src/worker.ts';
import { awaitStatus, startTestWorker } from '../support/pipeline.ts';
import { useTemporalServer } from '../support/temporal-server.ts';
import { toolPath } from '../support/tools.ts';

describe('the Helm variant of the demo', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-demo-helm-'));
  const examples = fileURLToPath(new URL('../../examples/demo', import.meta.url));
  let repository: DemoRepository;
  let worker: RunningWorker;
  let promotions: Promotions;

  before(async () => {
    const server = await useTemporalServer();
    promotions = createPromotions(await server.client());
    repository = await openDemoRepository({
      folder,
      template: join(examples, 'repository'),
      git: toolPath('git'),
      env: process.env,
    });
    worker = await startTestWorker(server, folder);
  });
  after(async () => {
    await worker?.stop();
    rmSync(folder, { recursive: true });
  });

  async function promote(tag: string) {
    const request = {
      project: 'demo',
      stage: 'helm',
      freight: { origin: { kind: 'Warehouse', name: 'hello' }, images: [{ repoURL: 'example/hello', tag }] },
      vars: [{ name: 'repoURL', value: repository.url }],
    };
    const definitions = { path: join(examples, 'pipelines'), cwd: folder, onWarning: () => undefined };
    return awaitStatus(promotions, await promotions.start(await checkRequest(request, definitions)));
  }

  const git = (...args: string[]) =>
    execFileSync('git', ['--git-dir', fileURLToPath(repository.url), ...args], { encoding: 'utf8' });

  it('renders the chart with the promoted tag, without its tests', async () => {
    const status = await promote('1.20');
    assert.equal(status.phase, 'Succeeded', status.message);
    const manifests = git('show', 'stage/helm:manifests.yaml');
    assert.match(manifests, /^ {10}image: example\/hello:1\.20$/m);
    assert.match(manifests, /^ {2}replicas: 2$/m);
    assert.match(manifests, /^ {2}namespace: hello-helm$/m);
    assert.doesNotMatch(manifests, /answers/);
    assert.equal(
      git('log', '-1', '--format=%B', 'stage/helm').trim(),
      'Updated ./build/chart/values.yaml\n\n- image.tag: "1.20"',
    );
    assert.equal(git('rev-parse', 'stage/helm').trim(), status.commits[0]?.sha);
  });

  it('commits nothing when nothing changed, and one commit for what comes next', async () => {
    const again = await promote('1.20');
    assert.equal(again.phase, 'Succeeded', again.message);
    assert.equal(git('rev-list', '--count', 'stage/helm').trim(), '2');
    const next = await promote('1.21');
    assert.equal(next.phase, 'Succeeded', next.message);
    assert.equal(git('rev-list', '--count', 'stage/helm').trim(), '3');
  });
});
