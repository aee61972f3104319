import assert from 'node:assert/strict';
import { changesBetween } from '../../src/client/changes.ts';
import type { PromotionEvent } from '../../src/client/events.ts';
import type { Decision } from '../../src/core/promotion/control.ts';
import type { SeenRecord, SeenStatus } from '../../src/client/pending.ts';

const pending: SeenStatus = {
  name: 'p',
  project: 'demo',
  stage: 'test',
  phase: 'Pending',
  currentStep: 0,
  stepExecutionMetadata: [],
  healthChecks: [],
  commits: [],
};
const definitions = { source: './pipelines', revision: 'abc' };
const planned: SeenStatus = { ...pending, phase: 'Running', definitions };
const startedAt = '2026-01-01T00:00:00Z';
const running: SeenRecord = {
  alias: 'clone',
  continueOnError: false,
  status: 'Running',
  startedAt,
  errorCount: 0,
};
const done: SeenRecord = { ...running, status: 'Succeeded', finishedAt: '2026-01-01T00:00:02Z' };
const commit = { step: 'push', repoURL: 'file:///r', branch: 'b', sha: 'f00' };
const since = startedAt;
const turn = { kind: 'turn', since } as const;

function withSteps(...stepExecutionMetadata: SeenRecord[]): SeenStatus {
  return { ...planned, stepExecutionMetadata };
}

const held = { kind: 'decision', step: 'clone', since: turn.since, options: ['retry', 'abort'] } as const;
const failed = { ...done, status: 'Failed' } as const;
function decision(kind: Decision['kind']): Decision {
  return { kind, at: turn.since, actor: 'bob', ...(kind === 'retry' && { step: 'clone' }) };
}

describe('changes between two looks', () => {
  const cases: readonly [
    string,
    SeenStatus | undefined,
    SeenStatus,
    readonly (Partial<PromotionEvent> & { kind: string })[],
  ][] = [
    ['none in nothing', undefined, pending, []],
    ['none when nothing changed', planned, planned, []],
    ['the plan', pending, planned, [{ kind: 'planned', stage: 'test', definitions }]],
    ['a start', planned, withSteps(running), [{ kind: 'step-started', step: 'clone', at: startedAt }]],
    [
      'an end',
      withSteps(running),
      withSteps(done),
      [{ kind: 'step-finished', step: 'clone', status: 'Succeeded', duration: 2000 }],
    ],
    [
      'start and end missed together',
      planned,
      withSteps(done),
      [
        { kind: 'step-started', step: 'clone', at: startedAt },
        { kind: 'step-finished', step: 'clone', status: 'Succeeded', duration: 2000 },
      ],
    ],
    [
      'a skipped step that never started',
      planned,
      withSteps({ alias: 'x', continueOnError: false, status: 'Skipped', errorCount: 0 }),
      [{ kind: 'step-finished', step: 'x', status: 'Skipped' }],
    ],
    [
      'an attempt that failed, with its last message',
      withSteps(running),
      withSteps({
        ...running,
        errorCount: 2,
        journal: { looks: 2, errors: 2, consecutive: 2, recent: [{ at: since, message: 'no route' }] },
      }),
      [{ kind: 'step-trouble', step: 'clone', errors: 2, message: 'no route' }],
    ],
    [
      'a commit, once',
      { ...planned, commits: [commit] },
      { ...planned, commits: [commit, { ...commit, sha: 'f01' }] },
      [{ kind: 'commit-pushed', commit: { ...commit, sha: 'f01' } }],
    ],
    ['a wait', planned, { ...planned, waitingFor: turn }, [{ kind: 'waiting', waitingFor: turn }]],
    [
      'that a wait is over',
      { ...planned, waitingFor: turn },
      planned,
      [{ kind: 'waiting-over', waitingFor: turn }],
    ],
    [
      'what a step waits for, once',
      withSteps(running),
      withSteps({ ...running, waiting: 'not merged' }),
      [{ kind: 'step-waiting', step: 'clone', message: 'not merged' }],
    ],
    [
      'nothing of the same reason to wait',
      withSteps({ ...running, waiting: 'not merged' }),
      withSteps({ ...running, waiting: 'not merged' }),
      [],
    ],
    [
      'the steps of the plan',
      pending,
      { ...planned, steps: [{ alias: 'clone', uses: 'git-clone' }] },
      [{ kind: 'planned', stage: 'test', steps: [{ alias: 'clone', uses: 'git-clone' }], definitions }],
    ],
    [
      'that it is held, and not that it waits',
      planned,
      { ...planned, waitingFor: held },
      [{ kind: 'held', step: 'clone', since: turn.since, options: ['retry', 'abort'] }],
    ],
    [
      'what people did, once, before what came of it',
      { ...withSteps(failed), waitingFor: held, decisions: [decision('pause')] },
      {
        ...withSteps({ ...running, retriedAt: '2026-01-01T00:01:00.000Z' }),
        decisions: [decision('pause'), decision('resume'), decision('retry')],
      },
      [
        { kind: 'resumed', actor: 'bob', at: turn.since },
        { kind: 'decided', decision: 'retry', actor: 'bob', at: turn.since, step: 'clone' },
        { kind: 'step-started', step: 'clone', at: '2026-01-01T00:01:00.000Z' },
        { kind: 'waiting-over', waitingFor: held },
      ],
    ],
    [
      'a step that was run again and failed again between two looks',
      withSteps(failed),
      withSteps({
        ...failed,
        retriedAt: '2026-01-01T00:01:00.000Z',
        finishedAt: '2026-01-01T00:01:02.000Z',
      }),
      [
        { kind: 'step-started', step: 'clone', at: '2026-01-01T00:01:00.000Z' },
        { kind: 'step-finished', step: 'clone', status: 'Failed', duration: 2000 },
      ],
    ],
    [
      'the same wait not again',
      { ...planned, waitingFor: turn },
      { ...planned, waitingFor: { ...turn } },
      [],
    ],
  ];

  for (const [title, before, after, expected] of cases) {
    it(`tells ${title}`, () => assert.deepEqual(changesBetween(before, after), expected));
  }

  it('tells everything so far on the first look', () => {
    const kinds = changesBetween(undefined, { ...withSteps(done), commits: [commit] }).map(
      ({ kind }) => kind,
    );
    assert.deepEqual(kinds, ['planned', 'step-started', 'step-finished', 'commit-pushed']);
  });
});
