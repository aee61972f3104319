import assert from 'node:assert/strict';
import { formatReport, isClean, summarize } from '../../scripts/chaos/report.ts';
import { runChaos } from '../../scripts/chaos/run.ts';

describe('chaos', function () {
  this.timeout(600_000);

  it('loses no promotion and does nothing twice while everything around it dies', async () => {
    const result = await runChaos({ promotions: 20, seed: 7, log: () => {} });
    assert.ok(isClean(result), formatReport(result));
    const { succeeded, kills } = summarize(result);
    assert.equal(succeeded, 20);
    assert.ok(kills > 0);
  });
});
