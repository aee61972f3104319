import type { NativeConnection } from '@temporalio/worker';
import type { Log } from '../log.ts';

/** Tells how long the namespace keeps closed promotions. Throws when there is no such namespace. */
export async function checkNamespace(
  connection: NativeConnection,
  namespace: string,
  log: Log,
): Promise<void> {
  const { config } = await connection.workflowService.describeNamespace({ namespace });
  const seconds = Number(config?.workflowExecutionRetentionTtl?.seconds ?? 0);
  const days = Math.round((seconds / secondsOfDay) * 10) / 10;
  const fields = { namespace, days };
  if (seconds >= shortest) return log.info('Retention of closed promotions', fields);
  log.warn('Closed promotions are kept for less than 7 days', {
    ...fields,
    remedy: `temporal operator namespace update --retention 30d -n ${namespace}`,
  });
}

const secondsOfDay = 24 * 60 * 60;
const shortest = 7 * secondsOfDay;
