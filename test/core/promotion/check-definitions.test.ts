import assert from 'node:assert/strict';
import { readDefinitions } from '../../../src/core/definitions/read-definitions.ts';
import { formatProblem } from '../../../src/core/problem.ts';
import { checkDefinitions } from '../../../src/core/promotion/check-definitions.ts';
import { reachableDefinitions } from '../../../src/core/promotion/reachable.ts';
import { catalogue, manifest, stage } from './plan-rig.ts';

function check(yaml: string): readonly string[] {
  return checkDefinitions(readDefinitions([{ name: 'd.yaml', text: yaml }]), catalogue).map(formatProblem);
}

const task = manifest('PromotionTask', 't', 'spec:\n  vars: [{name: need}]\n  steps:\n  - uses: nope\n');

describe('checking definitions', () => {
  it('has nothing to say about good ones', () => {
    const good =
      manifest('Project', 'demo') +
      stage('      - uses: plain\n') +
      manifest('Stage', 'control', 'spec: {}\n');
    assert.deepEqual(check(good), []);
  });

  it('reports the faults of every Stage, task, Freight and Warehouse in order, each once', () => {
    const faulty = [
      stage(
        '      - task: {name: t}\n      - task: {name: t}\n        vars: [{name: need, value: x}]\n      - task: {name: gone}\n',
      ),
      task,
      manifest('Freight', 'f1', 'images: [{repoURL: x, tag: 1}]\n'),
      manifest('Warehouse', 'w', 'spec: {subscriptions: [{image: {}}]}\n'),
      'kind: Secret\napiVersion: v1\n',
    ];
    assert.deepEqual(
      check(faulty.join('')).map((line) => line.replace(/^d\.yaml:(\d+):\d+: /, '$1 ')),
      [
        '9 step "task-1": task "t" needs a value for variable "need": set it under "vars" of this step, or of the Stage',
        '12 step "task-3": there is no PromotionTask "gone" among the definitions; known: t',
        '19 warning: variable "need" is never used: remove it, or read it as ${{ vars.need }}',
        '21 step "step-1": there is no kind of step "nope"; known: compose-output, git-clone, plain, wait',
        '27 "tag" must be text, not a number: put it in quotes',
        '33 "repoURL" is missing',
        '35 note: Secret (v1) is not a Kargo kind: ignored',
      ],
    );
  });

  it('says when there is nothing to check', () => {
    assert.deepEqual(check('kind: Secret\napiVersion: v1\n')[0], 'no Kargo manifest is among the files');
  });
});

describe('what a promotion reaches', () => {
  const definitions = readDefinitions([
    {
      name: 'd.yaml',
      text: [
        manifest('Project', 'demo'),
        manifest('Project', 'other'),
        stage(
          '      - task: {name: t}\n      - {task: {name: c, kind: ClusterPromotionTask}}\n      - task: {name: t}\n',
          '  requestedFreight: [{origin: {kind: Warehouse, name: w}}]\n',
        ),
        manifest('Stage', 'prod'),
        task,
        manifest('PromotionTask', 'c'),
        manifest('ClusterPromotionTask', 'c'),
        manifest('Warehouse', 'w'),
        manifest('Warehouse', 'x'),
        manifest('Freight', 'f1', 'alias: proud-panda\n'),
        manifest('Freight', 'f2'),
      ].join(''),
    },
  ]);
  const reached = (request: object) =>
    reachableDefinitions(definitions, { project: 'demo', stage: 'test', freight: 'f1', ...request }).map(
      ({ kind, name }) => `${kind}/${name}`,
    );

  it('is its Project, Stage, tasks, Warehouses and Freight, each once', () => {
    const all = [
      'Project/demo',
      'Stage/test',
      'PromotionTask/t',
      'ClusterPromotionTask/c',
      'Warehouse/w',
      'Freight/f1',
    ];
    assert.deepEqual(reached({}), all);
    assert.deepEqual(reached({ freight: 'proud-panda' }), all);
  });

  it('is less when the Freight is sent whole, or a Stage is unknown', () => {
    assert.ok(!reached({ freight: [{}] }).includes('Freight/f1'));
    assert.deepEqual(reached({ stage: 'nope' }), ['Project/demo', 'Freight/f1']);
  });

  it('are the tasks of inline steps', () => {
    assert.deepEqual(reached({ steps: [{ task: { name: 't' } }], stage: 'nope', freight: [{}] }), [
      'Project/demo',
      'PromotionTask/t',
    ]);
  });
});
