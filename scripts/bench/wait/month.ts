import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { NotYet } from '../../../src/core/errors.ts';
import { promote, startRig, stepThat } from '../../../test/server/worker-rig.ts';
import { openServer } from '../installation.ts';
import type { Measure } from '../measure.ts';

/** A look every 5 minutes for 30 days; here each comes milliseconds after the one before. */
const looksOfAMonth = 30 * 24 * 12;
const eventLimit = 30;

/** The events of a promotion that has waited for a month. */
export async function measureMonth(): Promise<readonly Measure[]> {
  const server = await openServer();
  const root = await mkdtemp(join(tmpdir(), 'gantry-bench-'));
  let looks = 0;
  const wait = stepThat(() => {
    if ((looks += 1) > looksOfAMonth) return {};
    throw new NotYet('it is open', 1);
  }, 'io');
  const { address, client } = server;
  const { namespace } = client.options;
  const rig = await startRig({ address, namespace }, root, [wait], {
    pace: { first: 1, shortest: 1, longest: 1 },
  });
  try {
    const handle = await promote(client, [{ kind: wait.kind }]);
    await handle.result();
    const events = (await handle.fetchHistory()).events?.length ?? Number.NaN;
    const detail = `${events} events after ${looks} looks`;
    return [{ id: 'wait/month', ratio: events / eventLimit, limit: 1, ok: events <= eventLimit, detail }];
  } finally {
    await rig.stop(true);
    await server.close();
    await rm(root, { recursive: true });
  }
}
