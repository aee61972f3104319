import { proxyActivities } from '@temporalio/workflow';

const { nothing } = proxyActivities<{ nothing(input: object): Promise<object> }>({
  startToCloseTimeout: '1 minute',
});

/** What anybody would write by hand: this many activities, one after the other. */
export async function bare(count: number): Promise<void> {
  for (let index = 0; index < count; index++) await nothing({ index });
}
