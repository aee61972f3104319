import assert from 'node:assert/strict';
import { gitWaitForPr } from '../../../src/activities/steps/git-wait-for-pr.ts';
import { waitForPr } from '../../../src/activities/steps/wait-for-pr.ts';

describe('wait-for-pr', () => {
  it('is git-wait-for-pr under another name', () => {
    assert.equal(waitForPr.kind, 'wait-for-pr');
    assert.deepEqual(waitForPr.config, gitWaitForPr.config);
    assert.deepEqual(waitForPr.outputs, gitWaitForPr.outputs);
    assert.deepEqual(waitForPr.inherits, gitWaitForPr.inherits);
  });
});
