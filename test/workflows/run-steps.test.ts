import assert from 'node:assert/strict';
import { play, summaryOf, type Scene } from './scripted-effects.ts';

interface Case extends Scene {
  readonly title: string;
  readonly phase: string;
  readonly message?: string;
  readonly records: readonly string[];
  readonly asked?: readonly string[];
}

const files = { place: 'workspace', effect: 'workspace' } as const;
const tenLosses = Array.from({ length: 10 }, () => 'lost' as const);
const handedOver = { kind: 'lost', message: 'the worker ended', isHandedOver: true } as const;
const outside = { place: 'workspace', effect: 'external' } as const;

const cases: Record<string, Case[]> = {
  'the default condition': [
    {
      title: 'runs everything while nothing fails',
      steps: [{}, {}],
      phase: 'Succeeded',
      records: ['step-1: Succeeded', 'step-2: Succeeded'],
      asked: ['run step-1', 'run step-2'],
    },
    {
      title: 'skips what follows a failure; its message is the promotion’s',
      steps: [{}, {}, {}],
      scripts: { 'step-1': 'fail' },
      phase: 'Failed',
      message: 'step-1 failed',
      records: ['step-1: Failed step-1 failed', 'step-2: Skipped', 'step-3: Skipped'],
      asked: ['run step-1'],
    },
    {
      title: 'does not mind a failure that may be continued after',
      steps: [{ continueOnError: true }, {}],
      scripts: { 'step-1': 'error' },
      phase: 'Succeeded',
      records: ['step-1: Errored step-1 errored', 'step-2: Succeeded'],
    },
    {
      title: 'does not mind a step that found nothing to do, but takes its message',
      steps: [{}, {}],
      scripts: { 'step-1': 'skip' },
      phase: 'Succeeded',
      message: 'nothing to do',
      records: ['step-1: Skipped nothing to do', 'step-2: Succeeded'],
    },
  ],
  'the final phase': [
    {
      title: 'Errored is worse than Failed, whenever it comes',
      steps: [{}, { if: '${{ always() }}' }],
      scripts: { 'step-1': 'fail', 'step-2': 'error' },
      phase: 'Errored',
      message: 'step-2 errored',
      records: ['step-1: Failed step-1 failed', 'step-2: Errored step-2 errored'],
    },
    {
      title: 'a clean-up that succeeds repairs nothing',
      steps: [{}, { if: '${{ failure() }}' }],
      scripts: { 'step-1': 'fail' },
      phase: 'Failed',
      message: 'step-1 failed',
      records: ['step-1: Failed step-1 failed', 'step-2: Succeeded'],
    },
    { title: 'no steps at all are a success', steps: [], phase: 'Succeeded', records: [], asked: [] },
  ],
  conditions: [
    {
      title: 'false skips, true runs, and either replaces the default',
      steps: [{}, { if: '${{ false }}' }, { if: '${{ ctx.stage == "test" }}' }],
      scripts: { 'step-1': 'fail' },
      phase: 'Failed',
      message: 'step-1 failed',
      records: ['step-1: Failed step-1 failed', 'step-2: Skipped', 'step-3: Succeeded'],
    },
    {
      title: 'what is no boolean is an error of that step',
      steps: [{ if: 'true' }, { if: '${{ always() }}' }],
      phase: 'Errored',
      message:
        'error checking if step "step-1" should be skipped: expression must evaluate to a boolean, got string',
      records: [
        'step-1: Errored error checking if step "step-1" should be skipped: expression must evaluate to a boolean, got string',
        'step-2: Succeeded',
      ],
      asked: ['run step-2'],
    },
    {
      title: 'sees outputs and statuses of earlier steps',
      steps: [{ alias: 'a' }, { if: "${{ outputs.a.n == 1 && status('a') == 'Succeeded' }}" }],
      scripts: { a: { output: { n: 1 } } },
      phase: 'Succeeded',
      records: ['a: Succeeded', 'step-2: Succeeded'],
    },
    {
      title: 'one that reads a secret is asked of an activity',
      steps: [{ if: "${{ secret('s').k == 'x' }}" }, { if: "${{ secret('s').k == 'y' }}" }],
      answers: {
        'step-1': { kind: 'done', value: false },
        'step-2': { kind: 'failed', failure: { status: 'Errored', message: 'no secrets here' } },
      },
      phase: 'Errored',
      message: 'error checking if step "step-2" should be skipped: no secrets here',
      records: [
        'step-1: Skipped',
        'step-2: Errored error checking if step "step-2" should be skipped: no secrets here',
      ],
      asked: ['condition step-1', 'condition step-2'],
    },
    {
      title: 'one beside a var that reads a secret too',
      vars: [{ name: 'token', value: "${{ secret('s').k }}" }],
      steps: [{ if: '${{ vars.token != "" }}' }],
      phase: 'Succeeded',
      records: ['step-1: Succeeded'],
      asked: ['condition step-1', 'run step-1'],
    },
  ],
  'an abort': [
    {
      title: 'ends the step under way; only what is marked always runs after it',
      steps: [
        {},
        {},
        {},
        { if: '${{ failure() }}' },
        { if: '${{ always() }}' },
        { if: '${{ always() && false }}' },
      ],
      scripts: { 'step-2': 'stop' },
      phase: 'Aborted',
      message: 'Promotion terminated by ann',
      records: [
        'step-1: Succeeded',
        'step-2: Aborted Promotion terminated by ann',
        'step-3: Skipped',
        'step-4: Skipped',
        'step-5: Succeeded',
        'step-6: Skipped',
      ],
      asked: ['run step-1', 'run step-2', 'run step-5'],
    },
    {
      title: 'whose clean-up fails is an abort all the same',
      steps: [{}, { if: '${{ always() }}' }],
      scripts: { 'step-1': 'stop', 'step-2': 'error' },
      phase: 'Aborted',
      message: 'Promotion terminated by ann',
      records: ['step-1: Aborted Promotion terminated by ann', 'step-2: Errored step-2 errored'],
    },
    {
      title: 'while a folder is claimed begins nothing that could not be cancelled any more',
      steps: [files, { if: '${{ always() }}' }],
      stopDuring: 'claim',
      phase: 'Aborted',
      message: 'Promotion terminated by ann',
      records: ['step-1: Aborted Promotion terminated by ann', 'step-2: Succeeded'],
      asked: ['claim 1', 'run step-2', 'remove disk1'],
    },
    {
      title: 'while a folder is given back for a wait begins no wait',
      steps: [files, { place: 'io' }],
      stopDuring: 'release',
      phase: 'Aborted',
      message: 'Promotion terminated by ann',
      records: ['step-1: Succeeded', 'step-2: Aborted Promotion terminated by ann'],
      asked: ['claim 1', 'run step-1 on disk1', 'remove disk1'],
    },
    {
      title: 'while a condition is decided skips the step',
      steps: [{ if: '${{ secret("a").b == "c" }}' }, { if: '${{ always() && secret("a").b == "c" }}' }],
      stopDuring: 'condition',
      phase: 'Aborted',
      message: 'Promotion terminated by ann',
      records: ['step-1: Skipped', 'step-2: Succeeded'],
      asked: ['condition step-1', 'condition step-2', 'run step-2'],
    },
    {
      title: 'by the clock is an error',
      steps: [{}, {}],
      scripts: { 'step-1': 'timeout' },
      phase: 'Errored',
      message: 'Promotion timed out after 1m0s',
      records: ['step-1: Errored Promotion timed out after 1m0s', 'step-2: Skipped'],
    },
  ],
  'a workspace': [
    {
      title: 'is claimed once, shared, and removed at the end',
      steps: [{}, files, {}, files],
      phase: 'Succeeded',
      records: ['step-1: Succeeded', 'step-2: Succeeded', 'step-3: Succeeded', 'step-4: Succeeded'],
      asked: [
        'run step-1',
        'claim 1',
        'run step-2 on disk1',
        'run step-3',
        'run step-4 on disk1',
        'remove disk1',
      ],
    },
    {
      title: 'is given back during a wait and asked for again after it',
      steps: [files, { place: 'io' }, files],
      holds: [[], [0]],
      phase: 'Succeeded',
      records: ['step-1: Succeeded', 'step-2: Succeeded', 'step-3: Succeeded'],
      asked: [
        'claim 1',
        'run step-1 on disk1',
        'release disk1',
        'run step-2',
        'claim 2 at disk1',
        'run step-3 on disk2',
        'remove disk2',
      ],
    },
    {
      title: 'goes before a wait that no files are needed after',
      steps: [files, { place: 'io' }],
      phase: 'Succeeded',
      records: ['step-1: Succeeded', 'step-2: Succeeded'],
      asked: ['claim 1', 'run step-1 on disk1', 'remove disk1', 'run step-2'],
    },
    {
      title: 'that is lost is made again: work on files only, in order, from the first that is missing',
      steps: [files, files, outside, files, files],
      scripts: {
        'step-1': { output: { commit: 'c1' } },
        'step-2': { output: { n: 2 } },
        'step-4': { output: { n: 4 } },
        'step-5': ['lost', 'ok'],
      },
      holds: [[], [0]],
      phase: 'Succeeded',
      records: [
        'step-1: Succeeded',
        'step-2: Succeeded',
        'step-3: Succeeded',
        'step-4: Succeeded',
        'step-5: Succeeded',
      ],
      asked: [
        'claim 1',
        'run step-1 on disk1',
        'run step-2 on disk1',
        'run step-3 on disk1',
        'run step-4 on disk1',
        'run step-5 on disk1',
        'claim 2 at disk1',
        'again step-2 on disk2',
        'again step-4 on disk2',
        'run step-5 on disk2',
        'remove disk2',
      ],
    },
    {
      title: 'is lost ten times, but not eleven',
      steps: [files],
      scripts: { 'step-1': 'lost' },
      phase: 'Errored',
      message: 'the workspace was lost 11 times, the last time because: the disk is gone',
      records: ['step-1: Errored the workspace was lost 11 times, the last time because: the disk is gone'],
    },
    {
      title: 'may be lost ten times at every step',
      steps: [files, files],
      scripts: {
        'step-1': [...tenLosses, 'ok'],
        'step-2': [...tenLosses, 'ok'],
      },
      phase: 'Succeeded',
      records: ['step-1: Succeeded', 'step-2: Succeeded'],
    },
    {
      title: 'is handed over as often as workers end',
      steps: [files],
      scripts: { 'step-1': [...Array.from({ length: 20 }, () => handedOver), 'ok'] },
      phase: 'Succeeded',
      records: ['step-1: Succeeded'],
    },
    {
      title: 'is asked for anew when the worker ends after the step, and kept where it is',
      steps: [files, files],
      scripts: { 'step-1': { leaving: true } },
      holds: [[], [0]],
      phase: 'Succeeded',
      records: ['step-1: Succeeded', 'step-2: Succeeded'],
      asked: ['claim 1', 'run step-1 on disk1', 'claim 2 at disk1', 'run step-2 on disk2', 'remove disk2'],
    },
    {
      title: 'is asked for anew when the worker ends while it makes the files again',
      steps: [files, files],
      scripts: { 'step-1': ['ok', { leaving: true }, 'ok'], 'step-2': ['lost', 'ok'] },
      phase: 'Succeeded',
      records: ['step-1: Succeeded', 'step-2: Succeeded'],
      asked: [
        'claim 1',
        'run step-1 on disk1',
        'run step-2 on disk1',
        'claim 2 at disk1',
        'run step-1 on disk2',
        'claim 3 at disk2',
        'run step-1 on disk3',
        'run step-2 on disk3',
        'remove disk3',
      ],
    },
    {
      title: 'that cannot be made again fails the step that needs it',
      steps: [files, files],
      scripts: { 'step-1': [{ output: { n: 1 } }, 'error'], 'step-2': 'lost' },
      phase: 'Errored',
      message: 'cannot make the files of step "step-1" again: step-1 errored',
      records: [
        'step-1: Succeeded',
        'step-2: Errored cannot make the files of step "step-1" again: step-1 errored',
      ],
    },
  ],
};

const retry = { kind: 'retry', call: { actor: 'ann' } } as const;
const skip = { kind: 'skip', call: { actor: 'ann', outputs: { n: 2 } } } as const;

cases['a step that is held'] = [
  {
    title: 'gives the lease back, runs again in the same folder, and nothing before it does',
    onFailure: 'hold',
    decisions: [retry, retry],
    steps: [files, files, {}],
    holds: [[], [0]],
    scripts: { 'step-2': ['fail', 'error', 'ok'] },
    phase: 'Succeeded',
    records: ['step-1: Succeeded', 'step-2: Succeeded', 'step-3: Succeeded'],
    asked: [
      'claim 1',
      'run step-1 on disk1',
      'run step-2 on disk1',
      'release disk1',
      'held at step-2',
      'claim 2 at disk1',
      'run step-2 on disk2',
      'release disk2',
      'held at step-2',
      'claim 3 at disk2',
      'run step-1 on disk3',
      'run step-2 on disk3',
      'run step-3',
      'remove disk3',
    ],
  },
  {
    title: 'is left out, and steps for failures with it',
    onFailure: 'hold',
    decisions: [skip],
    steps: [{ alias: 'a' }, { if: '${{ failure() }}' }, { if: '${{ outputs.a.n == 2 }}' }],
    scripts: { a: 'fail' },
    phase: 'Succeeded',
    message: 'skipped by ann',
    records: ['a: Skipped skipped by ann', 'step-2: Skipped', 'step-3: Succeeded'],
  },
  {
    title: 'stays failed when the promotion is aborted, and steps for failures run',
    onFailure: 'hold',
    steps: [{}, {}, { if: '${{ failure() }}' }],
    scripts: { 'step-1': 'fail' },
    phase: 'Aborted',
    message: 'Promotion terminated by ann',
    records: ['step-1: Failed step-1 failed', 'step-2: Skipped', 'step-3: Succeeded'],
    asked: ['run step-1', 'held at step-1', 'run step-3'],
  },
  {
    title: 'is none that may fail, nor one that cleans up after a stop',
    onFailure: 'hold',
    steps: [{ continueOnError: true }, {}, { if: '${{ always() }}' }],
    scripts: { 'step-1': 'fail', 'step-2': 'stop', 'step-3': 'fail' },
    phase: 'Aborted',
    message: 'Promotion terminated by ann',
    records: [
      'step-1: Failed step-1 failed',
      'step-2: Aborted Promotion terminated by ann',
      'step-3: Failed step-3 failed',
    ],
    asked: ['run step-1', 'run step-2', 'run step-3'],
  },
];

const script = { place: 'workspace', effect: 'external', changesFiles: true, repeatable: false } as const;
const asks =
  'the files of the promotion are lost, and step "step-2" (scripted) changed them. It is not run again by itself, ' +
  'because it may do harm: retry to let it run once more, or skip this step';
const unclear = {
  kind: 'failed',
  failure: { status: 'Errored', message: 'cut off', unclear: true },
} as const;

cases['a script that changed files which are lost'] = [
  {
    title: 'runs once more when people say so, whatever happens to failures',
    decisions: [retry],
    steps: [files, script, files],
    scripts: { 'step-3': ['lost', 'ok'] },
    holds: [[], [0], []],
    phase: 'Succeeded',
    records: ['step-1: Succeeded', 'step-2: Succeeded', 'step-3: Succeeded'],
    asked: [
      'claim 1',
      'run step-1 on disk1',
      'run step-2 on disk1',
      'run step-3 on disk1',
      'claim 2 at disk1',
      'release disk2',
      'held at step-3',
      'claim 3 at disk2',
      'run step-1 on disk3',
      'run step-2 on disk3',
      'run step-3 on disk3',
      'remove disk3',
    ],
  },
  {
    title: 'asks again when they are lost once more',
    decisions: [retry, retry],
    steps: [files, script, files],
    scripts: { 'step-3': ['lost', 'lost', 'ok'] },
    phase: 'Succeeded',
    records: ['step-1: Succeeded', 'step-2: Succeeded', 'step-3: Succeeded'],
  },
  {
    title: 'keeps the promotion also where the step that needs them may fail',
    decisions: [skip],
    steps: [files, script, { ...files, continueOnError: true }],
    scripts: { 'step-3': 'lost' },
    phase: 'Succeeded',
    records: ['step-1: Succeeded', 'step-2: Succeeded', 'step-3: Skipped skipped by ann'],
  },
  {
    title: 'asks nobody when it may be repeated',
    steps: [files, { ...script, repeatable: true }, files],
    scripts: { 'step-3': ['lost', 'ok'] },
    phase: 'Succeeded',
    records: ['step-1: Succeeded', 'step-2: Succeeded', 'step-3: Succeeded'],
    asked: [
      'claim 1',
      'run step-1 on disk1',
      'run step-2 on disk1',
      'run step-3 on disk1',
      'claim 2 at disk1',
      'run step-1 on disk2',
      'run step-2 on disk2',
      'run step-3 on disk2',
      'remove disk2',
    ],
  },
  {
    title: 'asks nobody when no later step needs files, or its work is still there',
    steps: [files, script, files, {}],
    scripts: { 'step-3': ['lost', 'ok'] },
    holds: [[], [0, 1]],
    phase: 'Succeeded',
    records: ['step-1: Succeeded', 'step-2: Succeeded', 'step-3: Succeeded', 'step-4: Succeeded'],
  },
  {
    title: 'is told, and asked about no more, when the promotion is aborted',
    steps: [files, script, files],
    scripts: { 'step-3': 'lost' },
    phase: 'Aborted',
    message: 'Promotion terminated by ann',
    records: ['step-1: Succeeded', 'step-2: Succeeded', `step-3: Errored ${asks}`],
  },
];

cases['a script that was cut off'] = [
  {
    title: 'runs once more when people say so',
    decisions: [retry],
    steps: [script],
    scripts: { 'step-1': [unclear, 'ok'] },
    phase: 'Succeeded',
    records: ['step-1: Succeeded'],
  },
  {
    title: 'ends the promotion where it changes no files',
    steps: [{ ...script, changesFiles: undefined } as never],
    scripts: { 'step-1': unclear },
    phase: 'Errored',
    message: 'cut off',
    records: ['step-1: Errored cut off'],
  },
];

describe('run-steps', () => {
  for (const [group, list] of Object.entries(cases)) {
    describe(group, () => {
      for (const { title, phase, message, records, asked, ...scene } of list) {
        it(title, async () => {
          const played = await play(scene);
          assert.deepEqual(summaryOf(played.status), records);
          assert.equal(played.status.phase, phase);
          assert.equal(played.status.message, message);
          if (asked) assert.deepEqual(played.asked, asked);
        });
      }
    });
  }

  it('keeps no times for steps that did not run', async () => {
    const { status } = await play({ steps: [{}, {}], scripts: { 'step-1': 'fail' } });
    const [first, second] = status.stepExecutionMetadata;
    assert.ok(first?.startedAt && first.finishedAt);
    assert.deepEqual(second, { alias: 'step-2', continueOnError: false, errorCount: 0, status: 'Skipped' });
  });

  it('keeps outputs of every step that ran, and none of those that did not', async () => {
    const failure = { status: 'Failed', message: 'no', output: { n: 2 } } as const;
    const { status } = await play({
      steps: [
        { alias: 'a' },
        { alias: 'b', continueOnError: true },
        { alias: 'c' },
        { alias: 'd', if: '${{ false }}' },
      ],
      scripts: { a: { output: { n: 1 } }, b: { kind: 'failed', failure } },
    });
    assert.deepEqual({ ...status.state }, { a: { n: 1 }, b: { n: 2 }, c: null });
  });

  it('leaves nothing of a step whose config did not evaluate', async () => {
    const failure = { status: 'Errored', message: 'no such name', unevaluated: true } as const;
    const { status } = await play({ steps: [{ alias: 'a' }], scripts: { a: { kind: 'failed', failure } } });
    assert.deepEqual({ ...status.state }, {});
    assert.equal(status.stepExecutionMetadata[0]?.finishedAt, undefined);
  });

  it('adds outputs of propagating steps to their task, key by key', async () => {
    const compose = { propagates: true } as const;
    const { status } = await play({
      steps: [
        { ...compose, alias: 't::a' },
        { ...compose, alias: 't::b' },
        { alias: 't::c' },
        { ...compose, alias: 'x::y::z' },
      ],
      scripts: {
        't::a': { output: { n: 1, m: 1 } },
        't::b': { output: { n: 2 } },
        't::c': { output: { k: 3 } },
        'x::y::z': { output: { k: 4 } },
      },
    });
    assert.deepEqual(status.state['t'], { n: 2, m: 1 });
    assert.equal(status.state['x'], undefined);
  });

  it('gives a step the outputs it names, and no others', async () => {
    const { runs } = await play({
      steps: [
        { alias: 'a' },
        { alias: 'b' },
        { alias: 't::in' },
        { alias: 't::out', config: { x: '${{ outputs.a.n }}', y: '${{ task.outputs.in.k }}' } },
        { alias: 'all', config: { x: '${{ keys(outputs) }}' } },
      ],
      scripts: { a: { output: { n: 1 } }, b: { output: { n: 2 } }, 't::in': { output: { k: 3 } } },
    });
    assert.deepEqual({ ...runs[3]?.scope.outputs }, { a: { n: 1 }, 't::in': { k: 3 } });
    assert.deepEqual(Object.keys(runs[4]?.scope.outputs ?? {}), ['a', 'b', 't::in', 't::out']);
  });

  it('hands over what a declaration asks to read', async () => {
    const { runs } = await play({
      steps: [{ alias: 'a' }, { alias: 'b' }, { alias: 'c', reads: ['commitMessage'] }],
      scripts: { a: { output: { commitMessage: 'one' } }, b: { output: { commitMessage: 'two', n: 1 } } },
    });
    assert.deepEqual(runs[2]?.reads, {
      commitMessage: [
        { alias: 'a', value: 'one' },
        { alias: 'b', value: 'two' },
      ],
    });
  });

  it('gives a step that runs again what it was given before, with its own output', async () => {
    const { runs } = await play({
      steps: [
        { ...files, alias: 'clone', config: { x: '${{ outputs.later.n }}' } },
        { ...files, alias: 'later' },
      ],
      scripts: { clone: { output: { commit: 'c1' } }, later: ['lost', { output: { n: 1 } }] },
    });
    const [first, , again] = runs;
    assert.deepEqual(again?.previous, { commit: 'c1' });
    assert.deepEqual(again?.scope, first?.scope);
    assert.equal(again?.workspace?.generation, 2);
  });

  const script = { ...files, effect: 'external', changesFiles: true, repeatable: true } as const;
  const push = { ...files, effect: 'external', repeatable: true } as const;
  const traced: Readonly<Record<string, readonly [Scene['steps'], string | undefined]>> = {
    'step that makes its files again': [[files, files, files], 'tree1'],
    'step that ran again before anything was pushed, after a script': [[script, files, files], undefined],
    'step that ran again after a push, after a script': [[script, files, push, files], 'tree1'],
  };
  for (const [title, [steps, trace]] of Object.entries(traced)) {
    it(`gives ${trace === undefined ? 'no trace' : 'its trace'} to a ${title}`, async () => {
      const last = `step-${steps.length}`;
      const { runs } = await play({
        steps,
        scripts: { 'step-2': { trace: 'tree1' }, [last]: ['lost', 'ok'] },
      });
      const [first, again] = runs.filter(({ index }) => index === 1);
      assert.equal(first?.trace, undefined);
      assert.equal(again?.trace, trace);
    });
  }

  it('collects health checks of Succeeded steps only, and commits of all', async () => {
    const healthCheck = { uses: 'argocd', config: {} };
    const commits = [{ step: 'a', repoURL: 'r', branch: 'b', sha: 's' }];
    const { status } = await play({
      steps: [{ alias: 'a' }, { alias: 'b' }],
      scripts: { a: { healthCheck, commits }, b: { status: 'Skipped', healthCheck, commits } },
    });
    assert.deepEqual(status.healthChecks, [healthCheck]);
    assert.equal(status.commits.length, 2);
  });

  it('counts the time of a step from its first start', async () => {
    const retry = { errorThreshold: 1, timeout: 60_000, backoff: { initial: 1, factor: 1, max: 1 } };
    const { runs } = await play({ steps: [{ ...files, retry }], scripts: { 'step-1': ['lost', 'ok'] } });
    assert.equal(runs.length, 2);
    assert.equal(runs[0]?.deadline, runs[1]?.deadline);
    assert.equal(Date.parse(runs[0]!.deadline!) - Date.parse(runs[0]!.scope.startedAt), 60_000);
  });

  it('refuses outputs that are too much for a promotion, naming the largest', async () => {
    const { status } = await play({
      steps: [{ alias: 'big' }, { alias: 'more' }],
      scripts: {
        big: { output: { t: 'x'.repeat(250 * 1024) } },
        more: { output: { t: 'x'.repeat(200 * 1024) } },
      },
    });
    assert.equal(status.phase, 'Errored');
    assert.match(
      status.message ?? '',
      /^StateTooLarge: .* 451 KiB, more than 384 KiB; the largest is that of "big"/,
    );
    assert.equal(status.state['more'], null);
  });

  it('refuses an input that is too large for an activity, naming the largest part', async () => {
    const { status, asked } = await play({
      steps: [{ alias: 'a' }, { alias: 'b', config: { t: 'x'.repeat(400 * 1024), o: '${{ outputs.a }}' } }],
      scripts: { a: { output: { t: 'x'.repeat(200 * 1024) } } },
    });
    assert.match(
      status.message ?? '',
      /^InputTooLarge: step "b" would be given 60\d KiB.*its config with 401 KiB/,
    );
    assert.deepEqual(asked, ['run a']);
  });

  it('refuses an output nested beyond reason', async () => {
    const output = JSON.parse(`{"a":${'['.repeat(5000)}${']'.repeat(5000)}}`);
    const { status } = await play({ steps: [{}], scripts: { 'step-1': { output } } });
    assert.match(status.message ?? '', /nested more than 200 levels/);
  });

  it('treats names of prototypes as names', async () => {
    const { status } = await play({
      steps: [{ alias: '__proto__' }, { alias: 'constructor', reads: ['constructor', '__proto__'] }],
      scripts: { ['__proto__']: { output: { n: 1 } } },
    });
    assert.equal(status.phase, 'Succeeded');
    assert.deepEqual(Object.entries(status.state), [
      ['__proto__', { n: 1 }],
      ['constructor', null],
    ]);
  });
});

describe('what steps printed', () => {
  it('stands in their records, that of the newest for sure', async () => {
    const log = 'x'.repeat(16 * 1024);
    const steps = Array.from({ length: 10 }, () => ({}));
    const scripts = Object.fromEntries(
      steps.map((_, at) => [`step-${at + 1}`, { log: `${at}${log.slice(1)}` }]),
    );
    const { status } = await play({ steps, scripts });
    const kept = status.stepExecutionMetadata.flatMap((record, at) => (record.log ? [at] : []));
    assert.deepEqual(kept, [2, 3, 4, 5, 6, 7, 8, 9]);
  });

  describe('commit statuses', () => {
    const pushed = (sha: string) => ({ commits: [{ step: 'push', repoURL: 'r', branch: 'b', sha }] });
    const opened = {
      marks: [
        { repoURL: 'r', sha: 'c1' },
        { repoURL: 'r', sha: 'c2' },
      ],
    };
    const scene = { steps: [{ alias: 'push' }, { alias: 'open' }, { alias: 'last' }] };
    const marks = (asked: readonly string[]) => asked.filter((line) => line.startsWith('mark'));

    it('are written when a commit is there, once, and at the end', async () => {
      const scripts = { push: pushed('c1'), open: opened };
      const { asked } = await play({ ...scene, scripts, commitStatuses: true });
      assert.deepEqual(marks(asked), ['mark c1 pending', 'mark c2 pending', 'mark c1 c2 success']);
    });

    it('tell a failure', async () => {
      const { asked } = await play({
        ...scene,
        scripts: { push: pushed('c1'), last: 'fail' },
        commitStatuses: true,
      });
      assert.deepEqual(marks(asked), ['mark c1 pending', 'mark c1 failure']);
    });

    it('are written only where that is asked for, and where there are commits', async () => {
      assert.deepEqual(marks((await play({ ...scene, scripts: { push: pushed('c1') } })).asked), []);
      assert.deepEqual(marks((await play({ ...scene, commitStatuses: true })).asked), []);
    });
  });
});
