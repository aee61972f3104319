import { proxyActivities } from '@temporalio/workflow';

const { plan } = proxyActivities<{ plan(input: object): Promise<object> }>({
  startToCloseTimeout: '5 minutes',
});

/** A workflow without Gantry that waits for the same activity with the same input. */
export async function waiting(request: object): Promise<object> {
  return plan({ request });
}
