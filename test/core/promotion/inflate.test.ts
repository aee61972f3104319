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

  const nested =
    manifest(
      'PromotionTask',
      'outer',
      `spec:
  vars: [{name: v, value: outer}]
  steps:
  - {uses: plain, as: a}
  - {task: {name: inner}, as: in, vars: [{name: w, value: "\${{ vars.v }}"}], retry: {timeout: 2m}}
`,
    ) +
    manifest(
      'PromotionTask',
      'inner',
      `spec:
  vars: [{name: v, value: default}, {name: w}]
  steps:
  - {uses: plain, as: b, retry: {errorThreshold: 7}, continueOnError: true}
  - {uses: plain, if: "\${{ vars.w }}"}
`,
    );

  it('may use tasks', () => {
    const [a, b, last] = plan({}, worldOf(stage('      - {task: {name: outer}, as: out}\n') + nested)).plan!
      .steps;
    assert.deepEqual([a?.alias, b?.alias, last?.alias], ['out::a', 'out::in::b', 'out::in::step-2']);
    assert.deepEqual([a?.task, b?.task], [undefined, 'out::in']);
    // What is set further out wins over the default.
    assert.equal(varsOf(b), 'v=outer w=${{ vars.v }}');
  });

  it('take patience, tolerance and conditions from their reference', () => {
    const reference =
      '      - {task: {name: outer}, as: out, if: "${{ always() }}", continueOnError: true, retry: {errorThreshold: 3, timeout: 9m}}\n';
    const [a, b] = plan({}, worldOf(stage(reference) + nested)).plan!.steps;
    assert.deepEqual([a?.retry.errorThreshold, a?.retry.timeout], [3, 540_000]);
    assert.deepEqual([b?.retry.errorThreshold, b?.retry.timeout], [7, 120_000]);
    assert.deepEqual([a?.continueOnError, a?.toleratedByTask], [true, true]);
    assert.deepEqual([b?.continueOnError, b?.toleratedByTask], [true, undefined]);
    const out = { alias: 'out', first: 0, if: '${{ always() }}', vars: [], continueOnError: true };
    assert.deepEqual(a?.references, [out]);
    assert.deepEqual(b?.references, [out]);
  });

  it('say what leads back to itself', () => {
    const circle = (name: string, next: string) =>
      manifest('PromotionTask', name, `spec: {steps: [{task: {name: ${next}}}]}\n`);
    const yaml =
      stage('      - {task: {name: a}}\n') + circle('a', 'b') + circle('b', 'c') + circle('c', 'b');
    assert.match(
      problemsOf(plan({}, worldOf(yaml))).join(),
      /step "task-1": task "b" leads back to itself: "b" → "c" → "b"$/,
    );
  });

  it('do not grow without end', () => {
    const tasks = Array.from({ length: 15 }, (_, at) => {
      const next = `{task: {name: t${at + 1}}}`;
      return manifest('PromotionTask', `t${at}`, `spec: {steps: [${next}, ${next}]}\n`);
    });
    const yaml =
      stage('      - {task: {name: t0}}\n') +
      tasks.join('') +
      manifest('PromotionTask', 't15', 'spec: {steps: [{uses: plain}]}\n');
    assert.match(problemsOf(plan({}, worldOf(yaml))).join(), /the promotion has more than 1000 steps$/);
  });

  it('inside tasks are looked for too', () => {
    const yaml =
      stage('      - {task: {name: t}}\n') +
      manifest('PromotionTask', 't', 'spec: {steps: [{task: {name: nowhere}}]}\n');
    assert.match(problemsOf(plan({}, worldOf(yaml))).join(), /there is no PromotionTask "nowhere"/);
  });
});
