import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCatalogue } from '../../src/activities/catalogue.ts';
import { evaluateStepConfig } from '../../src/activities/step-config.ts';
import { steps } from '../../src/activities/steps/index.ts';
import { NotYet } from '../../src/core/errors.ts';
import { createOutputs, storeOutput } from '../../src/core/promotion/outputs.ts';
import { stepRunOf, type Run } from '../../src/core/promotion/scope.ts';
import { createRun } from '../workflows/scripted-effects.ts';
import { plan, problemsOf, stage, worldOf } from '../core/promotion/plan-rig.ts';
import { createTestRepository, type TestRepository } from '../support/git-repository.ts';
import { MemoryHost } from '../support/memory-host.ts';
import { createStepRig, createStepWorld, type StepRig } from '../support/step-world.ts';

describe('the flow over a pull request, as documented for Kargo 1.2', () => {
  const yaml = readFileSync(new URL('pull-request.yaml', import.meta.url), 'utf8');
  let rig: StepRig;
  let origin: TestRepository;
  let host: MemoryHost;
  let run: Run;

  beforeEach(() => {
    rig = createStepRig();
    host = new MemoryHost();
    origin = createTestRepository(join(rig.folder, 'origin'), {
      commits: [{ id: 'c1', branch: 'main', files: { a: '1\n' }, message: 'one' }],
    });
    writeFileSync(join(rig.root, 'rendered.yaml'), 'kind: ConfigMap\n');
    const indented = yaml.replace(/^(?=.)/gm, '      ');
    const planning = plan({}, worldOf(stage(indented), { catalogue: createCatalogue(steps) }));
    assert.deepEqual(problemsOf(planning), []);
    run = { ...createRun({ steps: [] }), plan: planning.plan! };
    run.status.state = createOutputs();
  });
  afterEach(() => rig.remove());

  /** Runs the steps one after the other, and gives how each ended; a step that waits ends the run. */
  async function runSteps(): Promise<readonly string[]> {
    const ends: string[] = [];
    for (const [index, step] of run.plan.steps.entries()) {
      const stepRun = stepRunOf(run, index);
      const definition = steps.find(({ kind }) => kind === step.uses)!;
      const world = createStepWorld(rig.root, {
        git: { config: [`url.${origin.path}.insteadOf=https://github.com/example/repo.git`] },
        gitHosts: host,
        alias: step.alias,
        reads: stepRun.reads,
      });
      try {
        const { status = 'Succeeded', output } = await definition.run(
          evaluateStepConfig(definition, stepRun),
          world,
        );
        storeOutput(run.status.state, step, output);
        ends.push(`${step.alias} ${status}`);
      } catch (error) {
        if (!(error instanceof NotYet)) throw error;
        return [...ends, `${step.alias} waits`];
      }
    }
    return ends;
  }
  const done = [
    'clone Succeeded',
    'step-2 Succeeded',
    'step-3 Succeeded',
    'push Succeeded',
    'open-pr Succeeded',
  ];

  it('opens the request, waits for it, and ends with the commit at the head of the target branch', async () => {
    assert.deepEqual(await runSteps(), [...done, 'wait-for-pr waits']);
    const [{ source, target } = assert.fail()] = host.created;
    assert.deepEqual([source, target], ['kargo/promotion/test.01h.abc1234', 'stage/test']);
    origin.git('update-ref', 'refs/heads/stage/test', origin.git('rev-parse', source));
    host.change(7, { state: 'merged', headCommit: origin.git('rev-parse', source) });
    assert.deepEqual(await runSteps(), [
      ...done.slice(0, 2),
      'step-3 Skipped',
      ...done.slice(3, 4),
      'open-pr Succeeded',
      'wait-for-pr Succeeded',
      'patient Succeeded',
    ]);
    const commit = origin.git('rev-parse', 'stage/test');
    assert.equal(run.status.state['wait-for-pr']?.['commit'], commit);
    assert.equal(run.status.state['patient']?.['commit'], commit);
  });

  it('is Skipped from the request on when nothing differs, with the head of the target branch', async () => {
    origin.add([
      {
        id: 's1',
        branch: 'stage/test',
        files: { 'rendered.yaml': 'kind: ConfigMap\n' },
        message: 's',
        from: 'none',
      },
    ]);
    assert.deepEqual((await runSteps()).slice(-3), [
      'open-pr Skipped',
      'wait-for-pr Skipped',
      'patient Skipped',
    ]);
    assert.equal(run.status.state['patient']?.['commit'], origin.commits.get('s1'));
    assert.deepEqual(host.created, []);
  });

  it('lets wait-for-pr take the repository from the only git-open-pr, and wait as long as it says', () => {
    const last = run.plan.steps.at(-1)!;
    assert.equal(last.config['repoURL'], 'https://github.com/example/repo.git');
    assert.deepEqual([last.retry.errorThreshold, last.retry.timeout], [3, 48 * 3_600_000]);
  });
});
