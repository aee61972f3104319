import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ApplicationFailure, ApplicationFailureCategory, CancelledFailure } from '@temporalio/common';
import {
  defineStep,
  type StepDefinition,
  type StepOutcome,
  type StepWorld,
} from '../../src/activities/define-step.ts';
import type { Attempt } from '../../src/activities/heartbeat.ts';
import { runStep, type Surroundings } from '../../src/activities/run-step.ts';
import { createScrubber } from '../../src/activities/scrub.ts';
import { openWorkspaces } from '../../src/activities/workspace/open-workspaces.ts';
import type { Workspaces } from '../../src/activities/workspace/workspaces.ts';
import { NotYet, RebuildDiverged, TerminalError } from '../../src/core/errors.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { LookupFailed, type Lookups } from '../../src/core/promotion/environment.ts';
import type { StepFailure, StepRun } from '../../src/core/promotion/step-run.ts';
import { integer, object, optional, string } from '../../src/core/schema/describe.ts';

const canary = 'canary-7f3a9c';

describe('run-step', () => {
  let root: string;
  let workspaces: Workspaces;
  let around: Surroundings;
  let closing: AbortController;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'gantry-run-step-'));
    workspaces = await openWorkspaces(root, 2);
    closing = new AbortController();
    around = {
      workspaces,
      credentials: { find: () => Promise.resolve({ username: 'robot', password: canary }) },
      resolveTool: (name) => Promise.reject(new Error(`no ${name}`)),
      gitBinary: 'git',
      gitIdentity: { name: 'Kargo', email: 'no-reply@kargo.io' },
      environment: {},
      taskPrefix: `${workspaces.uid}/`,
      logFor: () => ({ debug() {}, info() {}, warn() {} }),
      scrubber: createScrubber(),
      closing: closing.signal,
    };
  });

  afterEach(async () => {
    await workspaces.close();
    await rm(root, { recursive: true });
  });

  it('gives the step its config, and its result back', async () => {
    const seen: unknown[] = [];
    const step = stepThat((world, config) => {
      seen.push(config, world.alias, world.promotion.project, world.startedAt.toISOString());
      return Promise.resolve({ output: { n: 1 }, message: 'did it' });
    });
    const config = { text: 'a', times: 3 };
    assert.deepEqual(await runStep(step, { ...stepRun(), config }, around, scripted()), {
      status: 'Succeeded',
      output: { n: 1 },
      message: 'did it',
    });
    assert.deepEqual(seen, [{ ...config, limit: 7 }, 'x', 'demo', '2026-01-01T00:00:00.000Z']);
  });

  it('hands a step the trace it left, passes on the new one, and says that the worker ends', async () => {
    const seen: unknown[] = [];
    const step = stepThat(async (world) => {
      seen.push(world.trace);
      return { trace: 'tree2' };
    });
    const leaving = AbortSignal.abort();
    const result = await runStep(step, { ...stepRun(), trace: 'tree1' }, { ...around, leaving }, scripted());
    assert.deepEqual(result, { status: 'Succeeded', trace: 'tree2', leaving: true });
    assert.deepEqual(seen, ['tree1']);
  });

  it('ends as Errored, and as what it is, when files made again are others, whatever the threshold', async () => {
    const { type, nonRetryable, failure } = await ending(
      throwing(new RebuildDiverged('they differ')),
      stepRun({ errorThreshold: 5 }),
    );
    assert.deepEqual([type, nonRetryable, failure.status], ['RebuildDiverged', true, 'Errored']);
    assert.equal(failure.message, 'step "x": they differ');
  });

  it('lists everything that is wrong with a config, and never runs the step', async () => {
    const step = stepThat(() => assert.fail('ran'));
    const run = { ...stepRun({ errorThreshold: 5 }), config: { times: 'many', tuxt: 'a' } };
    const { type, nonRetryable, failure } = await ending(step, run);
    assert.deepEqual([type, nonRetryable, failure.status], ['StepFailed', true, 'Failed']);
    assert.match(failure.message, /^step "x": invalid probe config: /);
    for (const field of ['text', 'times', 'tuxt']) assert.match(failure.message, new RegExp(field));
  });

  it('ends as Errored when an expression cannot be evaluated, whatever the threshold', async () => {
    const run = { ...stepRun({ errorThreshold: 5 }), config: { text: '${{ nope( }}' } };
    const { type, failure } = await ending(
      stepThat(() => assert.fail('ran')),
      run,
    );
    assert.deepEqual([type, failure.status, failure.unevaluated], ['StepErrored', 'Errored', true]);
    assert.match(failure.message, /^failed to build step context: failed to get step config: /);
  });

  it('ends as Failed on a terminal error, at once', async () => {
    const { type, nonRetryable, failure } = await ending(
      throwing(new TerminalError('the branch is protected')),
      stepRun({ errorThreshold: 5 }),
    );
    assert.deepEqual([type, nonRetryable], ['StepFailed', true]);
    assert.deepEqual(failure, { status: 'Failed', message: 'step "x": the branch is protected' });
  });

  it('tries again with growing pauses until the threshold, and keeps a journal', async () => {
    const step = throwing(new Error('no route'));
    const run = stepRun({ errorThreshold: 3 });
    const first = await attemptOf(step, run);
    assert.deepEqual(
      [first.failure.type, first.failure.nonRetryable, first.failure.nextRetryDelay],
      ['TransientError', false, 100],
    );
    assert.equal(first.failure.message, 'error running step "x": no route');
    const second = await attemptOf(step, run, first.heartbeat);
    assert.equal(second.failure.nextRetryDelay, 200);
    const third = await attemptOf(step, run, second.heartbeat);
    assert.deepEqual([third.failure.type, third.failure.nonRetryable], ['StepErrored', true]);
    const { message, journal } = third.failure.details![0] as StepFailure;
    assert.equal(message, 'step "x" met error threshold of 3: error running step "x": no route');
    assert.deepEqual([journal?.looks, journal?.errors, journal?.consecutive], [3, 3, 3]);
    assert.deepEqual(
      journal?.recent.map((entry) => entry.message),
      ['no route', 'no route', 'no route'],
    );
  });

  it('counts errors in a row only, and does not count "not yet"', async () => {
    const run = stepRun({ errorThreshold: 2 });
    const broken = await attemptOf(throwing(new Error('no route')), run);
    const waiting = await attemptOf(throwing(new NotYet('still open', 2000)), run, broken.heartbeat);
    assert.equal(waiting.failure.type, 'NotYet');
    assert.equal(waiting.failure.category, ApplicationFailureCategory.BENIGN);
    assert.equal(waiting.failure.nonRetryable, false);
    const brokenAgain = await attemptOf(throwing(new Error('no route')), run, waiting.heartbeat);
    assert.equal(brokenAgain.failure.type, 'TransientError');
    const fine = stepThat(() => Promise.resolve({}));
    const { journal } = await runStep(fine, run, around, scripted(brokenAgain.heartbeat));
    assert.deepEqual([journal?.looks, journal?.errors, journal?.consecutive], [4, 2, 0]);
  });

  it('looks again after the suggested time, later with age', async () => {
    const step = throwing(new NotYet('still open', 2000));
    const young = await attemptOf(step, stepRun({ startedAt: new Date().toISOString() }));
    assert.ok(between(young.failure.nextRetryDelay, 1800, 2200));
    const old = await attemptOf(step, stepRun({ startedAt: new Date(Date.now() - 3_600_000).toISOString() }));
    assert.ok(between(old.failure.nextRetryDelay, 160_000, 200_000));
    const late = stepRun({ deadline: new Date(Date.now() + 500).toISOString() });
    assert.ok(
      between((await attemptOf(step, late)).failure.nextRetryDelay, 0, 500),
      'not beyond the deadline',
    );
  });

  describe('deadline', () => {
    it('aborts the step and names what last went wrong', async () => {
      const run = stepRun({ timeout: 300_000, deadline: new Date(Date.now() + 30).toISOString() });
      const details = {
        looks: 1,
        errors: 1,
        consecutive: 1,
        recent: [{ at: run.deadline!, message: 'no route' }],
      };
      const { type, failure } = await ending(patient, run, details);
      assert.deepEqual([type, failure.message], ['StepErrored', 'step "x" timed out after 5m0s: no route']);
    });

    it('says what the step was waiting for', async () => {
      const run = stepRun({ timeout: 60_000, deadline: '2020-01-01T00:00:00Z' });
      const details = { looks: 1, errors: 0, consecutive: 0, recent: [], waiting: 'still open' };
      const { failure } = await ending(
        stepThat(() => assert.fail('ran')),
        run,
        details,
      );
      assert.equal(failure.message, 'step "x" timed out after 1m0s: still open');
    });

    it('does not take back a success', async () => {
      const run = stepRun({ timeout: 10, deadline: new Date(Date.now() + 10).toISOString() });
      const step = stepThat(async () => {
        await new Promise((resolve) => setTimeout(resolve, 30));
        return { output: { n: 1 } };
      });
      assert.equal((await runStep(step, run, around, scripted())).status, 'Succeeded');
    });
  });

  it('passes a cancellation through as it is, uncounted, whatever the step makes of it', async () => {
    const reason = new CancelledFailure('CANCELLED');
    const earlier = { looks: 1, errors: 1, consecutive: 1, recent: [] };
    for (const step of [patient, wrapping]) {
      const cancel = new AbortController();
      const attempt = scripted(earlier, cancel.signal);
      const running = runStep(step, stepRun(), around, attempt);
      cancel.abort(reason);
      await assert.rejects(running, (error) => error === reason);
      assert.deepEqual(attempt.heartbeats, [earlier]);
    }
  });

  it('tells the server nothing of a first attempt that ends well and soon', async () => {
    const attempt = scripted();
    await runStep(
      stepThat(async () => ({})),
      stepRun(),
      around,
      attempt,
    );
    assert.deepEqual(attempt.heartbeats, []);
  });

  it('ends as the shutdown of the worker when that cannot wait', async () => {
    const running = runStep(patient, stepRun(), around, scripted());
    closing.abort();
    await assert.rejects(running, { type: 'WorkerShutdown', nonRetryable: false });
  });

  describe('output', () => {
    const unusable: Readonly<Record<string, readonly [unknown, RegExp]>> = {
      'too large': [{ small: 1, big: 'é'.repeat(140_000) }, /OutputTooLarge: .* 274 KiB, .* 256 KiB.* "big"/],
      'a bigint': [{ n: 1n }, /the output is no JSON object/],
      'a list': [[1], /the output is no JSON object/],
    };
    for (const [name, [output, message]] of Object.entries(unusable)) {
      it(`ends as Errored when it is ${name}`, async () => {
        const step = stepThat(() => Promise.resolve({ output: output as JsonObject }));
        const { type, failure } = await ending(step, stepRun({ errorThreshold: 9 }));
        assert.equal(type, 'StepErrored');
        assert.match(failure.message, message);
      });
    }

    it('is plain JSON, whatever the step made it of', async () => {
      const output = { at: new Date(0), nothing: undefined, n: NaN } as unknown as JsonObject;
      const { output: plain } = await runStep(
        stepThat(() => Promise.resolve({ output })),
        stepRun(),
        around,
        scripted(),
      );
      assert.deepEqual(plain, { at: '1970-01-01T00:00:00.000Z', n: null });
    });
  });

  it('keeps failures small and free of our stack', async () => {
    const recent = Array.from({ length: 10 }, () => ({
      at: '2026-01-01T00:00:00Z',
      message: 'é'.repeat(3000),
    }));
    const { failure } = await attemptOf(throwing(new Error('é'.repeat(100_000))), stepRun(), {
      looks: 10,
      errors: 10,
      consecutive: 10,
      recent,
    });
    assert.ok(Buffer.byteLength(JSON.stringify(failure.details)) <= 16 * 1024);
    assert.ok(Buffer.byteLength(failure.message) <= 16 * 1024);
    assert.equal(failure.stack, '');
  });

  it('lets no secret out that it handed in', async () => {
    const leaky = stepThat(async (world) => {
      // Credentials are asked for by git; a push that fails tells what it sent.
      await world.git
        .clone({ name: 'r', repoURL: 'https://git.invalid/r.git' } as never)
        .catch(() => undefined);
      throw new Error(`pushed with ${canary}, ${Buffer.from(`robot:${canary}`).toString('base64')}`);
    }, 'workspace');
    const claim = await claimed();
    const { failure, heartbeat } = await attemptOf(leaky, {
      ...stepRun({ errorThreshold: 2 }),
      workspace: claim,
    });
    const text = JSON.stringify([failure, failure.message, heartbeat]);
    assert.ok(
      !text.includes(canary) && !text.includes(Buffer.from(canary).toString('base64').slice(2, 12)),
      text,
    );
    assert.equal(around.scrubber.text(canary), '***', 'the log knows it too');
  });

  it('lets no secret out that an expression looked up', async () => {
    const lookups = {
      ...noLookups,
      secret: (name: string) => (name === 'db' ? { token: canary } : undefined),
    };
    around = { ...around, lookupsFor: () => Promise.resolve(lookups) };
    const run = { ...stepRun(), config: { text: "${{ secret('db').token }}" } };
    const echo = stepThat((_world, { text }) =>
      Promise.resolve({ output: { text: text! }, message: `got ${text as string}` }),
    );
    assert.deepEqual(await runStep(echo, run, around, scripted()), {
      status: 'Succeeded',
      output: { text: '***' },
      message: 'got ***',
    });
    const wrong = { ...stepRun(), config: { text: "${{ secret('db').token + 1 }}" } };
    const { failure } = await ending(echo, wrong);
    assert.ok(!failure.message.includes(canary));
  });

  it('names what was looked up in vain, when the step then fails', async () => {
    const lookups = {
      ...noLookups,
      secret: (name: string) => (name === 'db' ? { user: 'u', url: 'x' } : undefined),
    };
    around = { ...around, lookupsFor: () => Promise.resolve({ ...lookups, place: () => 'namespace demo' }) };
    const seen: unknown[] = [];
    const refusing = stepThat((_world, { text }) => {
      seen.push(text);
      throw new TerminalError('401');
    });
    const config = { text: "${{ secret('db').token }}${{ secret('none').token }}" };
    const { failure } = await ending(refusing, { ...stepRun(), config });
    assert.deepEqual(seen, ['']);
    assert.match(
      failure.message,
      /: 401\nPerhaps because Secret "db" has no key "token": it has url, user \(looked for in namespace demo\); and there is no Secret "none" \(/,
    );
    const strict = { ...stepRun(), config: { text: '${{ secrets.db.token }}' } };
    assert.match(
      (await ending(refusing, strict)).failure.message,
      /Secret "db" has no key "token": it has url, user/,
    );
    const absent = { ...stepRun(), config: { text: '${{ secrets.none.token }}' } };
    assert.match(
      (await ending(refusing, absent)).failure.message,
      /there is no Secret "none" \(looked for in namespace demo\)/,
    );
  });

  it('asks no source for steps that read nothing from it', async () => {
    around = { ...around, lookupsFor: () => Promise.reject(new Error('down')) };
    const { status } = await runStep(
      stepThat(() => Promise.resolve({})),
      stepRun(),
      around,
      scripted(),
    );
    assert.equal(status, 'Succeeded');
  });

  it('counts a look-up that failed as an error like any other', async () => {
    const secret = () => {
      throw new LookupFailed('no answer from the cluster');
    };
    around = { ...around, lookupsFor: () => Promise.resolve({ ...noLookups, secret }) };
    const run = { ...stepRun({ errorThreshold: 2 }), config: { text: "${{ secret('db').token }}" } };
    const first = await attemptOf(
      stepThat(() => assert.fail('ran')),
      run,
    );
    assert.equal(first.failure.type, 'TransientError');
    assert.match(first.failure.message, /no answer from the cluster/);
  });

  describe('workspace', () => {
    it('is where the step works; its work is noted when it succeeds', async () => {
      const workspace = await claimed();
      const write = stepThat(async (world) => {
        await writeFile(await world.workspace.resolve('../../a'), 'x');
        return { output: { files: await readdir(world.workspace.root) } };
      }, 'workspace');
      const run = { ...stepRun(), index: 2, workspace };
      const { output } = await runStep(write, run, around, scripted());
      assert.deepEqual(output, { files: ['a'] });
      assert.deepEqual(await workspaces.claim({ ...identity, generation: 2 }, 'run-1'), [2]);
    });

    it('holds nothing of a step that failed or returned what cannot be kept', async () => {
      const workspace = await claimed();
      for (const step of [
        throwing(new Error('x'), 'workspace'),
        stepThat(() => Promise.resolve({ output: { n: 1n } as never }), 'workspace'),
      ]) {
        await assert.rejects(runStep(step, { ...stepRun(), workspace }, around, scripted()));
      }
      assert.deepEqual(await workspaces.claim({ ...identity, generation: 1 }, 'run-1'), []);
    });

    const claims = {
      'is another worker’s': { uid: 'elsewhere', generation: 1 },
      'has a later claim': { generation: 0 },
      'was removed': { generation: 1 },
    } as const;
    for (const [why, part] of Object.entries(claims)) {
      it(`is lost when it ${why}`, async () => {
        const workspace = await claimed();
        if (why === 'was removed') await workspaces.release({ ...identity, remove: true });
        const run = { ...stepRun(), workspace: { ...workspace, ...part } };
        const { failure } = await attemptOf(
          stepThat(() => assert.fail('ran'), 'workspace'),
          run,
        );
        assert.deepEqual([failure.type, failure.nonRetryable], ['WorkspaceLost', true]);
        assert.match(failure.message, /^the workspace is lost: /);
      });
    }

    for (const error of [new Error('no such file'), new TerminalError('no such file')]) {
      it(`is lost when it vanishes under a step that then ends with a ${error.name}`, async () => {
        const step = stepThat(async () => {
          await rm(join(root, (await workspaces.list())[0]!.key), { recursive: true });
          throw error;
        }, 'workspace');
        const { failure } = await attemptOf(step, { ...stepRun(), workspace: await claimed() });
        assert.deepEqual([failure.type, failure.nonRetryable], ['WorkspaceLost', true]);
      });
    }

    it('is lost for an attempt whose folder is claimed anew, and its step is aborted', async () => {
      const workspace = await claimed();
      const step = stepThat(waitForAbort, 'workspace');
      const running = runStep(step, { ...stepRun(), workspace }, around, scripted());
      const ended = assert.rejects(running, { type: 'WorkspaceLost' });
      await new Promise((resolve) => setTimeout(resolve, 20));
      await workspaces.claim({ ...identity, generation: 2 }, 'run-1');
      await ended;
    });

    it('is not there for other steps', async () => {
      const step = stepThat((world) => world.workspace.resolve('a').then(() => ({})));
      const { failure } = await ending(step, stepRun());
      assert.match(failure.message, /has no workspace/);
      assert.ok(!existsSync(join(root, 'a')));
    });
  });

  async function claimed() {
    await workspaces.claim({ ...identity, generation: 1 }, 'run-1');
    return { uid: workspaces.uid, generation: 1, holds: [], tools: {} };
  }

  async function attemptOf(step: StepDefinition, run: StepRun, details?: unknown) {
    const attempt = scripted(details);
    const failure: unknown = await runStep(step, run, around, attempt).then(
      () => assert.fail('succeeded'),
      (error: unknown) => error,
    );
    assert.ok(failure instanceof ApplicationFailure);
    return { failure, heartbeat: JSON.parse(JSON.stringify(attempt.heartbeats.at(-1))) as unknown };
  }

  async function ending(step: StepDefinition, run: StepRun, details?: unknown) {
    const { failure } = await attemptOf(step, run, details);
    return {
      type: failure.type,
      nonRetryable: failure.nonRetryable,
      failure: failure.details![0] as StepFailure,
    };
  }
});

const nothing = () => undefined;
const noLookups: Lookups = {
  secret: nothing,
  sharedSecret: nothing,
  configMap: nothing,
  sharedConfigMap: nothing,
  freightMetadata: nothing,
  freightStatus: nothing,
  stageMetadata: nothing,
};

const identity = {
  name: 'one',
  project: 'demo',
  stage: 'test',
  workflowId: 'promotion/demo/test/one',
  firstRunId: 'run-1',
  startedAt: '2026-01-01T00:00:00Z',
};

interface RunOptions {
  readonly errorThreshold?: number;
  readonly timeout?: number;
  readonly deadline?: string;
  readonly startedAt?: string;
}

function stepRun({
  errorThreshold = 1,
  timeout,
  deadline,
  startedAt = '2026-01-01T00:00:00Z',
}: RunOptions = {}): StepRun {
  const freight = { name: 'f', alias: 'f', commits: [], images: [], charts: [], artifacts: [] };
  return {
    index: 0,
    uses: 'probe',
    config: { text: 'a' },
    scope: {
      identity,
      alias: 'x',
      promotionVars: [],
      stepVars: [],
      outputs: {},
      records: [],
      startedAt,
      freight: { target: freight, collection: [freight], origins: [], warehouses: [] },
    },
    retry: {
      errorThreshold,
      ...(timeout !== undefined && { timeout }),
      backoff: { initial: 100, factor: 2, max: 1000 },
    },
    ...(deadline !== undefined && { deadline }),
    reads: {},
  };
}

type Behaviour = (world: StepWorld, config: JsonObject) => Promise<StepOutcome>;

function stepThat(behave: Behaviour, place: StepDefinition['place'] = 'anywhere'): StepDefinition {
  return defineStep({
    kind: 'probe',
    summary: 'A step for tests.',
    place,
    effect: 'none',
    repeatable: true,
    examples: [],
    config: object({
      text: string('Any text.'),
      times: optional(integer('A number.')),
      limit: optional(integer('A number with a default.', { default: 7 })),
    }),
    run: (config, world) => behave(world, config as JsonObject) as Promise<StepOutcome<never>>,
  });
}

function throwing(error: Error, place?: StepDefinition['place']): StepDefinition {
  return stepThat(async () => {
    throw error;
  }, place);
}

const waitForAbort: Behaviour = ({ signal }) =>
  new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(signal.reason as Error), { once: true });
    if (signal.aborted) reject(signal.reason as Error);
  });

/** A step that waits for its signal, and rethrows its reason. */
const patient = stepThat(waitForAbort);

/** One that makes something else of it. */
const wrapping = stepThat((world, config) =>
  waitForAbort(world, config).catch(() => {
    throw new Error('git was killed');
  }),
);

interface ScriptedAttempt extends Attempt {
  readonly heartbeats: readonly unknown[];
}

function scripted(details?: unknown, signal = new AbortController().signal): ScriptedAttempt {
  const heartbeats: unknown[] = [];
  return {
    id: 'run-1/0-x/1',
    number: 1,
    details,
    signal,
    heartbeats,
    heartbeat: (beat) => void heartbeats.push(beat),
  };
}

function between(value: unknown, low: number, high: number): boolean {
  return typeof value === 'number' && value >= low && value <= high;
}
