import assert from 'node:assert/strict';
import type { PlannedStep } from '../../../src/core/promotion/plan.ts';
import { manifest, plan, problemsOf, stage, worldOf } from './plan-rig.ts';

const plainTask = manifest(
  'PromotionTask',
  'deploy',
  `spec:
  vars: [{name: v, value: default}, {name: w, value: other}]
  steps:
  - {uses: plain, as: set, vars: [{name: own, value: a}]}
  - {uses: plain, if: "\${{ always() }}", continueOnError: true, retry: {errorThreshold: 2}}
`,
);

function steps(written: string, spec = '', request: object = {}): readonly PlannedStep[] {
  const planning = plan(request, worldOf(stage(written, spec) + plainTask));
  assert.deepEqual(problemsOf(planning), []);
  return planning.plan!.steps;
}

function varsOf(step: PlannedStep | undefined): string {
  return step!.vars.map(({ name, value }) => `${name}=${value}`).join(' ');
}

describe('tasks in a plan', () => {
  it('take the place of their reference; numbers count the list a step stands in', () => {
    const found = steps('      - uses: plain\n      - task: {name: deploy}\n      - uses: plain\n');
    assert.deepEqual(
      found.map(({ alias }) => alias),
      ['step-1', 'task-2::set', 'task-2::step-2', 'step-3'],
    );
  });

  it('are named by the reference, and keep what their steps say', () => {
    const found = steps('      - {task: {name: deploy}, as: d}\n');
    assert.equal(found[1]!.alias, 'd::step-2');
    assert.equal(found[1]!.if, '${{ always() }}');
    assert.equal(found[1]!.continueOnError, true);
    assert.equal(found[1]!.retry.errorThreshold, 2);
  });

  it('give every step its own vars: defaults, then the reference, then its own', () => {
    const found = steps(
      '      - task: {name: deploy}\n        vars: [{name: v, value: ref}, {name: more, value: x}]\n',
    );
    assert.equal(varsOf(found[0]), 'v=default w=other v=ref more=x own=a');
    assert.equal(varsOf(found[1]), 'v=default w=other v=ref more=x');
  });

  const reference = '      - task: {name: deploy}\n';
  const promotionVars: readonly (readonly [string, string, object, string])[] = [
    ['of the Stage', '  vars: [{name: v, value: stage}]\n', {}, 'w=other'],
    ['of the request', '', { vars: [{ name: 'v', value: 'mine' }] }, 'w=other'],
    ['that is empty, not at all', '  vars: [{name: v, value: ""}]\n', {}, 'v=default w=other'],
  ];
  for (const [whose, spec, request, vars] of promotionVars) {
    it(`let a var ${whose} win over their default`, () => {
      assert.equal(varsOf(steps(reference, spec, request)[1]), vars);
    });
  }

  it('may be cluster-wide', () => {
    const yaml =
      stage('      - task: {name: c, kind: ClusterPromotionTask}\n') +
      manifest('ClusterPromotionTask', 'c', 'spec: {steps: [{uses: plain}]}\n');
    assert.equal(plan({}, worldOf(yaml)).plan?.steps[0]?.alias, 'task-1::step-1');
  });

  const needs = manifest(
    'PromotionTask',
    't',
    'spec: {vars: [{name: need}], steps: [{uses: plain, vars: [{name: need, value: inner}]}]}\n',
  );
  const values: readonly (readonly [string, string, string, boolean])[] = [
    ['by nobody', '', '      - task: {name: t}\n', false],
    ['by the reference', '', '      - {task: {name: t}, vars: [{name: need, value: x}]}\n', true],
    ['by the Stage', '  vars: [{name: need, value: x}]\n', '      - task: {name: t}\n', true],
    ['with nothing', '', '      - {task: {name: t}, vars: [{name: need, value: ""}]}\n', false],
  ];
  for (const [how, spec, written, works] of values) {
    it(`${works ? 'are content' : 'complain'} when a var without default is set ${how}`, () => {
      const planning = plan({}, worldOf(stage(written, spec) + needs));
      assert.equal(planning.plan !== undefined, works);
      if (!works) assert.match(problemsOf(planning).join(), /needs a value for variable "need"/);
    });
  }
});
