import assert from 'node:assert/strict';
import type { PlannedStep } from '../../../src/core/promotion/plan.ts';
import { conditionScope, stepRunOf, type Run } from '../../../src/core/promotion/scope.ts';
import { scopeWith } from './scope.ts';

function runOf(step: Partial<PlannedStep>): Run {
  const planned = (alias: string): PlannedStep => ({
    alias,
    uses: 'compose-output',
    summary: 'Composes.',
    place: 'anywhere',
    effect: 'none',
    repeatable: true,
    continueOnError: false,
    vars: [],
    config: {},
    retry: { errorThreshold: 1, backoff: { initial: 1, factor: 2, max: 10 } },
  });
  const { identity, freight } = scopeWith({});
  return {
    identity,
    plan: {
      project: 'demo',
      stage: 'test',
      freight,
      vars: [],
      steps: [planned('first'), { ...planned('second'), ...step }],
      definitions: { source: 'none', revision: '' },
      searchAttributes: [],
      tools: {},
      warnings: [],
    },
    status: {
      name: identity.name,
      project: 'demo',
      stage: 'test',
      phase: 'Running',
      currentStep: 1,
      stepExecutionMetadata: [
        { alias: 'first', status: 'Succeeded', continueOnError: false, errorCount: 0 },
        { alias: 'second', continueOnError: false, errorCount: 0 },
      ],
      state: { first: { tag: '1' } },
      healthChecks: [],
      commits: [],
    },
  };
}

describe('what a step is given of the records of steps', () => {
  const asking = [
    '${{ status("first") }}',
    '${{ success() ? 1 : 2 }}',
    '${{ failure() }}',
    '${{ "first" | status() }}',
    '${{ let ask = status("first"); ask }}',
    '${{ stepMetas["first"].ErrorCount }}',
    '${{ stepMetas[vars.which].ErrorCount }}',
    '${{ $env["stepMetas"] }}',
  ];
  for (const text of asking) {
    it(`all of them for ${text}`, () => {
      const { records } = stepRunOf(runOf({ config: { deep: [{ text }] } }), 1).scope;
      assert.deepEqual(
        records.map(({ alias, status }) => [alias, status]),
        [
          ['first', 'Succeeded'],
          ['second', ''],
        ],
      );
    });
  }

  it('all of them when a var of the step asks', () => {
    const vars = [{ name: 'errors', value: '${{ stepMetas.first.ErrorCount }}' }];
    assert.equal(stepRunOf(runOf({ vars }), 1).scope.records.length, 2);
  });

  it('none when nothing asks', () => {
    const config = { tag: '${{ outputs.first.tag }}', status: 'failure()' };
    assert.deepEqual(stepRunOf(runOf({ config, if: '${{ failure() }}' }), 1).scope.records, []);
  });

  it('all of them in a condition that asks', () => {
    assert.equal(conditionScope(runOf({}), 1, { text: '${{ failure() }}' }, 'now').records.length, 2);
  });
});
