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
import { openGitHost, type GitHost } from './git-host.ts';
import { mergeRequests } from './merger.ts';
import { createRemotes, type Remotes } from './remotes.ts';
import { findRequestEvidence, type RequestEvidence } from './request-evidence.ts';
import { createPromotions, type ChaosPromotion } from './requests.ts';
import { startServer, type StartedServer } from '../../test/support/start-server.ts';
import { runStorm, type Tally } from './storm.ts';

/** What a run is asked for. */
export interface ChaosOptions {
  readonly promotions: number;
  /** How many of them open a pull request, on a real Gitea, and wait until it is merged. */
  readonly pullRequests?: number;
  readonly seed: number;
  /** Folder for the bare repositories and the logs of the workers; absent = they are deleted. */
  readonly keep?: string;
  /** Told what goes on. */
  readonly log: (text: string) => void;
}

/** What a run did and found. */
export interface ChaosResult extends Evidence, RequestEvidence {
  readonly promotions: number;
  /** How many requests the storm has merged. */
  readonly merges: number;
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
  readonly temporal: StartedServer;
  readonly client: Client;
  readonly remote: FaultyServer;
  readonly host: GitHost | undefined;
  readonly workers: readonly FleetWorker[];
}

/** Runs the promotions undisturbed, then again in a storm, and compares. Leaves nothing behind but what is to be kept. */
export async function runChaos(options: ChaosOptions): Promise<ChaosResult> {
  const folder = await mkdtemp(join(tmpdir(), 'gantry-chaos-'));
  const root = options.keep ?? join(folder, 'remotes');
  mkdirSync(root, { recursive: true });
  const temporal = await startServer(join(folder, 'server'));
  const connection = await Connection.connect({ address: temporal.address });
  const remote = await openFaultyServer(root, createDice(options.seed, 1));
  const place = { folder, address: temporal.address };
  let host: GitHost | undefined;
  let workers: readonly FleetWorker[] = [];
  try {
    if (options.pullRequests)
      host = await openGitHost(remote, { ...place, repositories: [calmName, stormyName] });
    const fleet = { ...place, capacity: 8, ...(host && { flags: host.flags }) };
    workers = Array.from({ length: 3 }, (_, index) => new FleetWorker(index, fleet));
    const client = new Client({ connection, namespace: temporal.namespace });
    return await runOn({ options, folder, temporal, client, remote, host, workers }, root);
  } finally {
    await host?.close();
    await Promise.all(workers.map((worker) => worker.end('SIGKILL')));
    if (options.keep !== undefined) workers.forEach((worker) => worker.saveLog(root));
    await connection.close();
    await remote.close();
    await temporal.close();
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}

/** Names of the two runs: of their folder, of their project, and of their repository on the Git host. */
const calmName = 'undisturbed';
const stormyName = 'remotes';

async function runOn(site: Site, root: string): Promise<ChaosResult> {
  const { options, client, remote, workers } = site;
  const { promotions, seed, log } = options;
  const count = Math.min(8, Math.ceil(promotions / 4));
  const names = Array.from({ length: count }, (_, index) => `repository-${index}`);
  const calm = createRemotes(join(root, calmName), names);
  const stormy = createRemotes(join(root, stormyName), names);
  await Promise.all(workers.map((worker) => worker.start()));

  log(`${promotions} promotions undisturbed`);
  const quiet = await timed(() => drive(site, calmName, calm));
  const failed = quiet.value.ends.filter(({ phase }) => phase !== 'Succeeded');
  if (failed.length > 0) throw new Error(`Without any disturbance: ${JSON.stringify(failed.slice(0, 3))}`);

  log(`The same in a storm (undisturbed they took ${quiet.seconds} s)`);
  remote.likelihood = 0.05;
  const over = new AbortController();
  // A storm that breaks down itself ends the run, and says why.
  const slowness = Math.max(0.4, quiet.seconds / (10 + promotions / 2));
  const parts = { ...site, log, slowness, dice: createDice(seed, 2) };
  const storm = runStorm(parts, over.signal).finally(() => over.abort());
  const wild = await timed(() => drive(site, stormyName, stormy, over.signal));
  over.abort();
  const tally = await storm;
  remote.likelihood = 0;

  log(`Counting (the storm took ${wild.seconds} s)`);
  const { ends, merges } = wild.value;
  const ids = ends.map(({ workflowId }) => workflowId);
  const stuckTasks = await findStuckTasks(client, ids);
  return {
    promotions,
    ends,
    merges,
    tally,
    faults: remote.injected,
    stuckTasks: [
      ...stuckTasks,
      ...ends.filter(({ phase }) => phase === 'stuck').map(({ workflowId }) => workflowId),
    ],
    leftovers: await findLeftovers(site),
    accidents: [...workers.flatMap(({ accidents }) => accidents), ...(site.host?.receiver.accidents ?? [])],
    seconds: { calm: quiet.seconds, stormy: wild.seconds },
    ...findEvidence(withHosted(site, stormyName, stormy, root), withHosted(site, calmName, calm, root)),
    ...(await findRequestsOf(site, wild.value)),
  };
}

/** How one of the two runs went. */
interface Run {
  readonly promotions: readonly ChaosPromotion[];
  readonly ends: readonly End[];
  readonly merges: number;
}

async function drive(site: Site, name: string, remotes: Remotes, over?: AbortSignal): Promise<Run> {
  const { options, client, remote, host } = site;
  const promotions = createPromotions(options, {
    name,
    url: `${remote.url}/${name}`,
    repositories: [...remotes.keys()],
    hosted: host?.addressOf(name),
  });
  const done = new AbortController();
  const late = AbortSignal.timeout(300_000 + options.promotions * 10_000);
  const signal = AbortSignal.any([late, done.signal, ...(over ? [over] : [])]);
  const dice = createDice(options.seed, 3);
  // Nothing is left to wait for when nobody merges.
  const merger = host ? mergeRequests({ host, dice }, name, done.signal).finally(() => done.abort()) : 0;
  const driver = drivePromotions(client, promotions, { atATime: 20, signal }).finally(() => done.abort());
  const [ends, merges] = await Promise.all([driver, merger]);
  return { promotions, ends, merges };
}

async function findRequestsOf({ host }: Site, { promotions, ends }: Run): Promise<RequestEvidence> {
  const titles = new Map(promotions.map(({ workflowId, title }) => [workflowId, title]));
  const requests = (await host?.listRequests(stormyName)) ?? [];
  const asking = ends.flatMap((end) => {
    const title = titles.get(end.workflowId);
    return title === undefined ? [] : [{ ...end, title }];
  });
  return findRequestEvidence(requests, asking);
}

/** The repositories of a run, with a copy of that on the Git host. */
function withHosted({ host }: Site, name: string, remotes: Remotes, root: string): Remotes {
  return host ? new Map([...remotes, ['hosted.git', host.copy(name, join(root, 'hosted'))]]) : remotes;
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
