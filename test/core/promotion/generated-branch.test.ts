import assert from 'node:assert/strict';
import { checkDefinitions } from '../../../src/core/promotion/check-definitions.ts';
import { formatProblem } from '../../../src/core/problem.ts';
import { reachableDefinitions } from '../../../src/core/promotion/reachable.ts';
import { manifest, plan, problemsOf, stage, worldOf } from './plan-rig.ts';

describe('the name of generated branches', () => {
  const steps = stage('      - uses: plain\n');
  const config = (text: string, name = 'demo', rest = '') =>
    manifest('ProjectConfig', name, `spec:\n  promotionPolicies: []\n  generatedBranch: ${text}\n${rest}`);
  const seed = "'kargo/${{ ctx.project }}/${{ ctx.stage }}/promotion'";

  it('is what the project says, frozen in the plan', () => {
    const made = plan({}, worldOf(steps + config(seed)));
    assert.deepEqual(problemsOf(made), []);
    assert.equal(made.plan?.generatedBranch, 'kargo/demo/test/promotion');
  });

  it('is left to the step where the project says nothing, and that of another project does not count', () => {
    for (const yaml of [steps, steps + manifest('ProjectConfig', 'demo'), steps + config('x', 'other')])
      assert.equal(plan({}, worldOf(yaml)).plan?.generatedBranch, undefined);
  });

  it('travels with definitions that are sent along', () => {
    const { definitions } = worldOf(steps + config(seed));
    const request = { project: 'demo', stage: 'test', freight: 'f1' };
    assert.deepEqual(
      reachableDefinitions(definitions, request).map(({ kind }) => kind),
      ['ProjectConfig', 'Stage'],
    );
  });

  const wrong: readonly (readonly [string, RegExp, RegExp?])[] = [
    ["''", /^d\.yaml:\d+:\d+: "generatedBranch" is empty: name a branch$/],
    ['[a]', /^d\.yaml:\d+:\d+: "generatedBranch" must be text, not a list$/],
    ["'${{ ctx.stage'", /^d\.yaml:\d+:\d+: generatedBranch: /],
    ["'${{ nope() }}'", /^d\.yaml:\d+:\d+: generatedBranch: .*nope/],
    ["'${{ 1 }}'", /^d\.yaml:\d+:\d+: generatedBranch: gives no text$/, /^$/],
    ["'${{ ctx.nope.x }}'", /^d\.yaml:\d+:\d+: generatedBranch: /, /^$/],
  ];
  for (const [text, message, offline = message] of wrong) {
    it(`is refused before anything happens: ${text}`, () => {
      const world = worldOf(steps + config(text));
      const planned = plan({}, world);
      assert.equal(planned.plan, undefined);
      assert.match(problemsOf(planned).join('\n'), message);
      const found = checkDefinitions(world.definitions, world.catalogue).filter(({ severity }) => !severity);
      assert.match(found.map(formatProblem).join('\n'), offline);
    });
  }
});
