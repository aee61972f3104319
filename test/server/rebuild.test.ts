import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { gitClone } from '../../src/activities/steps/git-clone.ts';
import { gitCommit } from '../../src/activities/steps/git-commit.ts';
import { gitPush } from '../../src/activities/steps/git-push.ts';
import type { StepDefinition } from '../../src/activities/define-step.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { createTestRepository } from '../support/git-repository.ts';
import { failureOf } from '../support/promotion-rig.ts';
import { useTemporalServer, type TestServer } from '../support/temporal-server.ts';
import { planOf, promote, startRig, stepThat } from './worker-rig.ts';

describe('files lost after a push', function () {
  this.timeout(90_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-rebuild-'));
  let server: TestServer;

  before(async function () {
    server = await useTemporalServer();
  });
  after(() => rmSync(folder, { recursive: true, maxRetries: 5 }));

  it('are followed by a second push when they come out the same', async () => {
    const { repository, end } = await promoteTwice('same', () => 'x');
    assert.equal(await end, undefined);
    assert.equal(repository.git('log', '--format=%s', 'main'), 'second\nfirst\nBegin');
  });

  it('stop the promotion when they come out differently, before anything else is pushed', async () => {
    let times = 0;
    const { repository, end } = await promoteTwice('different', () => `${times++}`);
    assert.match(
      (await end)?.message ?? '',
      /^cannot make the files of step "step-3" again: step "step-3": the files were lost and made again, and now they differ/,
    );
    assert.equal(repository.git('log', '--format=%s', 'main'), 'first\nBegin');
  });

  /** Commits and pushes twice; between the two the files are lost. */
  async function promoteTwice(name: string, content: () => string) {
    const repository = createTestRepository(join(folder, `${name}.git`), {
      commits: [{ id: 'begin', branch: 'main', files: { readme: 'x\n' }, message: 'Begin' }],
    });
    const steps = [
      [gitClone, { repoURL: repository.url, checkout: [{ path: 'out', branch: 'main' }] }],
      [writes('out/first', content), {}],
      [gitCommit, { path: 'out', message: 'first' }],
      [gitPush, { path: 'out' }],
      [losesFilesOnce(), {}],
      [writes('out/second', () => 'x'), {}],
      [gitCommit, { path: 'out', message: 'second' }],
      [gitPush, { path: 'out' }],
    ] as const satisfies readonly (readonly [StepDefinition, JsonObject])[];
    const definitions = steps.map(([definition]) => definition);
    const plan = planOf(definitions, (index) => steps[index]![1]);
    const kinds = [...new Map(definitions.map((one) => [one.kind, one])).values()];
    const rig = await startRig(server, join(folder, name), kinds, { plan: async () => plan });
    const handle = await promote(await server.client(), definitions);
    const end = handle.result().then(
      () => undefined,
      () => failureOf(handle),
    );
    await end;
    await rig.stop();
    return { repository, end };
  }
});

function writes(path: string, content: () => string): StepDefinition {
  return stepThat(async ({ workspace }) => {
    await writeFile(await workspace.resolve(path), content());
    return {};
  }, 'workspace');
}

function losesFilesOnce(): StepDefinition {
  let isDone = false;
  return stepThat(async ({ workspace }) => {
    if (isDone) return {};
    isDone = true;
    await rm(dirname(workspace.root), { recursive: true });
    throw new Error('no such file');
  }, 'workspace');
}
