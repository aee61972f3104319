import { mkdirSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { Client, Connection } from '@temporalio/client';
import { createDice } from './dice.ts';
import { drivePromotions, type End } from './drive.ts';
import { findEvidence, findOrphans, findStuckTasks, type Evidence } from './evidence.ts';
import { openFaultyServer, type FaultyServer } from './faulty-server.ts';
import { FleetWorker } from './fleet.ts';
import { createRemotes, type Remotes } from './remotes.ts';
import { createPromotion } from './requests.ts';
import { openRestartingServer, type RestartingServer } from './restarting-server.ts';
import { runStorm, type Tally } from './storm.ts';

/** What a run is asked for. */
export interface ChaosOptions {
  readonly promotions: number;
  readonly seed: number;
  /** Folder for the bare repositories and the logs of the workers; absent = they are deleted. */
  readonly keep?: string;
  /** Told what goes on. */
  readonly log: (text: string) => void;
}

/** What a run did and found. */
export interface ChaosResult extends Evidence {
  readonly promotions: number;
  readonly ends: readonly End[];
  readonly tally: Tally;
  readonly faults: Readonly<Record<string, number>>;
  readonly stuckTasks: readonly string[];
  readonly leftovers: readonly string[];
  readonly accidents: readonly string[];
  readonly seconds: { readonly calm: number; readonly stormy: number };
}

/** Everything that is open while a run lasts. */
interface Site {
  readonly options: ChaosOptions;
  readonly folder: string;
  readonly temporal: RestartingServer;
  readonly client: Client;
  readonly remote: FaultyServer;
  readonly workers: readonly FleetWorker[];
}

/** Runs the promotions undisturbed, then again in a storm, and compares. Leaves nothing behind but what is to be kept. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-chaos-'));
  const root = options.keep ?? join(folder, 'remotes');
  mkdirSync(root, { recursive: true });
  const temporal = await openRestartingServer(join(folder, 'server'));
  const connection = await Connection.connect({ address: temporal.address });
  const remote = await openFaultyServer(root, createDice(options.seed, 1));
  const fleet = { folder, address: temporal.address, capacity: 8 };
  const workers = Array.from({ length: 3 }, (_, index) => new FleetWorker(index, fleet));
  try {
    const client = new Client({ connection, namespace: temporal.namespace });
    return await runOn({ options, folder, temporal, client, remote, workers }, root);
  } finally {
    await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
    if (options.keep !== undefined) workers.forEach((worker) => worker.saveLog(root));
    await connection.close();
    await remote.close();
    await temporal.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

async function runOn(site: Site, root: string): Promise<ChaosResult> {
  const { options, client, remote, workers } = site;
  const { promotions, seed, log } = options;
  const count = Math.min(8, Math.ceil(promotions / 4));
  const names = Array.from({ length: count }, (_, index) => `repository-${index}`);
  const calm = createRemotes(join(root, 'undisturbed'), names);
  const stormy = createRemotes(join(root, 'remotes'), names);
  await Promise.all(workers.map((worker) => worker.start()));

  log(`${promotions} promotions undisturbed`);
  const quiet = await timed(() => drive(site, 'undisturbed', calm));
  const failed = quiet.value.filter(({ phase }) => phase !== 'Succeeded');
  if (failed.length > 0) throw new Error(`Without any disturbance: ${JSON.stringify(failed.slice(0, 3))}`);

  log(`The same in a storm (undisturbed they took ${quiet.seconds} s)`);
  remote.likelihood = 0.05;
  const over = new AbortController();
  // A storm that breaks down itself ends the run, and says why.
  const slowness = Math.max(1, quiet.seconds / (10 + promotions / 2));
  const parts = { ...site, log, slowness, dice: createDice(seed, 2) };
  const storm = runStorm(parts, over.signal).finally(() => over.abort());
  const wild = await timed(() => drive(site, 'remotes', stormy, over.signal));
  over.abort();
  const tally = await storm;
  remote.likelihood = 0;

  log(`Counting (the storm took ${wild.seconds} s)`);
  const ids = wild.value.map(({ workflowId }) => workflowId);
  const stuckTasks = await findStuckTasks(client, ids);
  return {
    promotions,
    ends: wild.value,
    tally,
    faults: remote.injected,
    stuckTasks: [
      ...stuckTasks,
      ...wild.value.filter(({ phase }) => phase === 'stuck').map(({ workflowId }) => workflowId),
    ],
    leftovers: await findLeftovers(site),
    accidents: workers.flatMap(({ accidents }) => accidents),
    seconds: { calm: quiet.seconds, stormy: wild.seconds },
    ...findEvidence(stormy, calm),
  };
}

function drive(
  { options, client, remote }: Site,
  name: string,
  remotes: Remotes,
  over?: AbortSignal,
): Promise<readonly End[]> {
  const target = { name, url: `${remote.url}/${name}`, repositories: [...remotes.keys()] };
  const promotions = Array.from({ length: options.promotions }, (_, index) => createPromotion(index, target));
  const late = AbortSignal.timeout(300_000 + options.promotions * 10_000);
  const signal = over ? AbortSignal.any([late, over]) : late;
  return drivePromotions(client, promotions, { atATime: 20, signal });
}

/** After a restart of every worker, as one comes with every upgrade, and then an orderly end. */
async function findLeftovers({ workers, folder }: Site): Promise<readonly string[]> {
  await Promise.all(
    workers.map(async (worker) => {
      await worker.end('SIGTERM');
      await worker.start();
    }),
  );
  const look = async () => (await Promise.all(workers.map((worker) => worker.leftovers()))).flat();
  const isLeft = (name: string) => name !== '.lock';
  for (let second = 0; second < 30 && (await look()).some(isLeft); second++) await sleep(1000);
  await Promise.all(workers.map((worker) => worker.end('SIGTERM')));
  return [...(await look()), ...(await findOrphans(folder))];
}

async function timed<T>(work: () => Promise<T>): Promise<{ readonly value: T; readonly seconds: number }> {
  const start = performance.now();
  const value = await work();
  return { value, seconds: Math.round((performance.now() - start) / 1000) };
}
