import assert from 'node:assert/strict';
import { createEvaluateCondition } from '../../src/activities/evaluate-condition.ts';
import { createScrubber } from '../../src/activities/scrub.ts';
import { LookupFailed, type Lookups } from '../../src/core/promotion/environment.ts';
import { openTimeZones } from '../../src/providers/time-zones/time-zones.ts';
import type { Scope } from '../../src/core/promotion/step-run.ts';

const canary = 'canary-55aa55';

describe('evaluate-condition', () => {
  const evaluate = createEvaluateCondition({
    scrubber: createScrubber(),
    lookupsFor: () => Promise.resolve(lookups),
    zones: openTimeZones(),
  });

  const answers = [
    [`\${{ secret('db').token == '${canary}' }}`, true],
    ["${{ secret('db').token == 'another' }}", false],
    ["${{ ctx.stage == 'test' }}", true],
    ["${{ date('2025-07-01 12:00:00').In(timezone('Europe/Zurich')).Hour() == 14 }}", true],
  ] as const;
  for (const [condition, answer] of answers) {
    it(`answers ${answer} to ${condition.replace(canary, '…')}`, async () => {
      assert.equal(await evaluate({ condition, scope }), answer);
    });
  }

  const refusals = [
    ['is no boolean', "${{ secret('db').token }}", /must evaluate to a boolean, got string/],
    ['does not parse', '${{ secret( }}', /unexpected|expected/],
    ['does not evaluate', "${{ secret('db').token.more }}", /./],
  ] as const;
  for (const [why, condition, message] of refusals) {
    it(`ends for good, without the secret, when it ${why}`, async () => {
      await assert.rejects(evaluate({ condition, scope }), (error: Error & { nonRetryable: boolean }) => {
        assert.match(error.message, message);
        assert.ok(!error.message.includes(canary));
        return error.nonRetryable;
      });
    });
  }

  it('is tried again when a look-up failed', async () => {
    await assert.rejects(evaluate({ condition: "${{ configMap('x').a == '1' }}", scope }), {
      type: 'TransientError',
      nonRetryable: false,
    });
  });
});

const nothing = () => undefined;
const lookups: Lookups = {
  secret: () => ({ token: canary }),
  sharedSecret: nothing,
  configMap: () => {
    throw new LookupFailed('no answer');
  },
  sharedConfigMap: nothing,
  freightMetadata: nothing,
  freightStatus: nothing,
  stageMetadata: nothing,
};

const freight = { name: 'f', alias: 'f', commits: [], images: [], charts: [], artifacts: [] };
const scope: Scope = {
  identity: {
    name: 'one',
    project: 'demo',
    stage: 'test',
    workflowId: 'promotion/demo/test/one',
    firstRunId: 'run-1',
    startedAt: '2026-01-01T00:00:00Z',
  },
  alias: 'x',
  promotionVars: [],
  stepVars: [],
  outputs: {},
  records: [],
  freight: { target: freight, collection: [freight], origins: [], warehouses: [] },
  startedAt: '2026-01-01T00:00:00Z',
};
