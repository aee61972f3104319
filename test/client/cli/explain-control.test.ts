import assert from 'node:assert/strict';
import { explainNext } from '../../../src/client/cli/explain-control.ts';
import type { Control } from '../../../src/core/promotion/control.ts';
import type { PromotionStatus } from '../../../src/core/promotion/status.ts';

describe('what comes after an update', () => {
  const at = '2026-05-08T08:00:00Z';
  const status = (kind: Control): PromotionStatus => ({
    name: 'p',
    project: 'shop',
    stage: 'test',
    phase: 'Running',
    currentStep: 1,
    stepExecutionMetadata: [
      { alias: 'push', continueOnError: false, errorCount: 0, status: 'Succeeded' },
      { alias: 'say', continueOnError: false, errorCount: 0, status: 'Running' },
    ],
    healthChecks: [],
    commits: [],
    decisions: [{ at, kind, actor: 'ann', step: 'push' }],
  });

  const cases: readonly (readonly [Control, RegExp])[] = [
    ['retry', /^Step "push" runs again\.$/],
    ['refresh', /^Step "push" looks at once\.$/],
  ];
  for (const [kind, expected] of cases) {
    it(`names the step that ${kind} was about, even when the promotion has gone on since`, () => {
      assert.match(explainNext(kind, status(kind)), expected);
    });
  }
});
