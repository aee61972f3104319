import { proxyActivities } from '@temporalio/workflow';
import { evaluateCondition } from '../../src/core/promotion/condition.ts';
import type { Scope } from '../../src/core/promotion/step-run.ts';

const { plan } = proxyActivities<{ plan(input: object): Promise<object> }>({
  startToCloseTimeout: '5 minutes',
});

/** A workflow that has the language of expressions at hand, and no expression. */
export async function language(request: { readonly if?: string; readonly scope: Scope }): Promise<object> {
  if (request.if !== undefined) evaluateCondition(request.if, request.scope);
  return plan({ request });
}
