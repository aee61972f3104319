import assert from 'node:assert/strict';
import { createCatalogue } from '../../../src/activities/catalogue.ts';
import type { StepWorld } from '../../../src/activities/define-step.ts';
import { fail } from '../../../src/activities/steps/fail.ts';
import { TerminalError } from '../../../src/core/errors.ts';

describe('fail', () => {
  const cases = [
    [{}, 'failed'],
    [{ message: 'no window' }, 'failed: no window'],
    [{ message: 'one\ntwo' }, 'failed: one\ntwo'],
  ] as const;
  for (const [config, message] of cases) {
    it(`ends for good as ${JSON.stringify(message)}`, async () => {
      await assert.rejects(fail.run(config, {} as StepWorld), new TerminalError(message));
    });
  }

  it('takes no empty message', () => {
    const kind = createCatalogue([fail]).get('fail')!;
    assert.deepEqual(kind.check({ message: '' }), [{ path: ['message'], message: 'must not be empty' }]);
  });
});
