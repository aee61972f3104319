import assert from 'node:assert/strict';
import { composeOutput } from '../../../src/activities/steps/compose-output.ts';
import { createCatalogue } from '../../../src/activities/catalogue.ts';
import type { StepWorld } from '../../../src/activities/define-step.ts';

describe('compose-output', () => {
  it('gives its config back, nested values and nulls included', async () => {
    const config = { a: 'https://x/7', n: 2, o: { a: [1, null] }, empty: '' };
    assert.deepEqual(await composeOutput.run(config, {} as StepWorld), { output: config });
  });

  it('needs at least one key, of any name', () => {
    const kind = createCatalogue([composeOutput]).get('compose-output')!;
    assert.deepEqual(kind.check({}), [{ path: [], message: 'must have at least 1 field' }]);
    assert.deepEqual(kind.check({ 'any key': '${{ 1 }}' }), []);
    assert.equal(kind.propagates, true);
  });
});
