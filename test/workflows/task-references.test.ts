import assert from 'node:assert/strict';
import type { TaskReference } from '../../src/core/promotion/plan.ts';
import { play, summaryOf, type Scene } from './scripted-effects.ts';

interface Case extends Scene {
  readonly title: string;
  readonly phase: string;
  readonly records: readonly string[];
}

function reference(more: Partial<TaskReference>): TaskReference {
  return { alias: 't', first: 1, vars: [], continueOnError: false, ...more };
}

/** A step, two of a task, and one after it. */
function around(more: Partial<TaskReference>, inner: Scene['steps'][number] = {}): Scene['steps'] {
  const references = [reference(more)];
  const isTolerated = more.continueOnError === true;
  const traits = {
    references,
    ...(isTolerated && { continueOnError: true, toleratedByTask: true as const }),
  };
  return [
    { alias: 'a' },
    { alias: 't::1', ...traits },
    { alias: 't::2', ...traits, ...inner },
    { alias: 'z' },
  ];
}

const cases: readonly Case[] = [
  {
    title: 'a condition that is false skips the whole task',
    steps: around({ if: '${{ false }}' }),
    phase: 'Succeeded',
    records: ['a: Succeeded', 't::1: Skipped', 't::2: Skipped', 'z: Succeeded'],
  },
  {
    title: 'a condition that is true lets it run after a failure, until one of its own steps fails',
    steps: around({ if: '${{ failure() }}' }),
    scripts: { a: 'fail', 't::1': 'fail' },
    phase: 'Failed',
    records: ['a: Failed a failed', 't::1: Failed t::1 failed', 't::2: Skipped', 'z: Skipped'],
  },
  {
    title: 'a clean-up runs to its end after a failure',
    steps: around({ if: '${{ always() }}' }),
    scripts: { a: 'fail' },
    phase: 'Failed',
    records: ['a: Failed a failed', 't::1: Succeeded', 't::2: Succeeded', 'z: Skipped'],
  },
  {
    title: 'a clean-up runs to its end after an abort',
    steps: around({ if: '${{ always() }}' }, { if: '${{ success() }}' }),
    scripts: { a: 'stop' },
    phase: 'Aborted',
    records: ['a: Aborted Promotion terminated by ann', 't::1: Succeeded', 't::2: Succeeded', 'z: Skipped'],
  },
  {
    title: 'a condition is decided by what was there before the task',
    steps: around({
      if: "${{ outputs['t::1'] == nil && vars.go == 'yes' }}",
      vars: [{ name: 'go', value: 'yes' }],
    }),
    scripts: { 't::1': { output: { n: 1 } } },
    phase: 'Succeeded',
    records: ['a: Succeeded', 't::1: Succeeded', 't::2: Succeeded', 'z: Succeeded'],
  },
  {
    title: 'the condition of a step counts beside that of its task',
    steps: around({ if: '${{ true }}' }, { if: '${{ false }}' }),
    phase: 'Succeeded',
    records: ['a: Succeeded', 't::1: Succeeded', 't::2: Skipped', 'z: Succeeded'],
  },
  {
    title: 'a condition that cannot be decided is an error once',
    steps: around({ if: '${{ 1 }}' }),
    phase: 'Errored',
    records: [
      'a: Succeeded',
      't::1: Errored error checking if step "t" should be skipped: expression must evaluate to a boolean, got float64',
      't::2: Skipped',
      'z: Skipped',
    ],
  },
  {
    title: 'a tolerated task stops at its failure, and the promotion goes on',
    steps: around({ continueOnError: true }),
    scripts: { 't::1': 'fail' },
    phase: 'Succeeded',
    records: ['a: Succeeded', 't::1: Failed t::1 failed', 't::2: Skipped', 'z: Succeeded'],
  },
  {
    title: 'a tolerated task sees its own failure, nobody else does',
    steps: [
      ...around({ continueOnError: true }, { if: '${{ failure() }}' }),
      { alias: 'y', if: '${{ failure() }}' },
    ],
    scripts: { 't::1': 'fail' },
    phase: 'Succeeded',
    records: ['a: Succeeded', 't::1: Failed t::1 failed', 't::2: Succeeded', 'z: Succeeded', 'y: Skipped'],
  },
  {
    title: 'a task tolerated inside another does not stop that one',
    steps: [
      {
        alias: 't::u::1',
        task: 't::u',
        continueOnError: true,
        toleratedByTask: true,
        references: [reference({ alias: 't::u', first: 0, continueOnError: true })],
      },
      { alias: 't::2' },
    ],
    scripts: { 't::u::1': 'fail' },
    phase: 'Succeeded',
    records: ['t::u::1: Failed t::u::1 failed', 't::2: Succeeded'],
  },
];

describe('references to tasks', () => {
  for (const { title, phase, records, ...scene } of cases) {
    it(title, async () => {
      const { status } = await play(scene);
      assert.deepEqual(summaryOf(status), records);
      assert.equal(status.phase, phase);
    });
  }

  it('give a task inside a task its own outputs', async () => {
    const { status, runs } = await play({
      steps: [
        { alias: 't::u::1', task: 't::u', propagates: true },
        { alias: 't::u::2', task: 't::u', config: { x: "${{ task.outputs['1'].n }}" } },
        { alias: 't::3', config: { x: '${{ task.outputs.u.n }}' } },
      ],
      scripts: { 't::u::1': { output: { n: 1 } } },
    });
    assert.deepEqual(status.state['t::u'], { n: 1 });
    assert.equal(status.state['t'], undefined);
    assert.deepEqual({ ...runs[1]?.scope.outputs }, { 't::u::1': { n: 1 } });
    assert.equal(runs[1]?.scope.task, 't::u');
    assert.deepEqual({ ...runs[2]?.scope.outputs }, { 't::u': { n: 1 } });
  });
});
