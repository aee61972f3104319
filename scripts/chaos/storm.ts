import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Dice } from './dice.ts';
import type { FaultyServer } from './faulty-server.ts';
import type { FleetWorker } from './fleet.ts';
import type { GitHost } from './git-host.ts';
import type { StartedServer } from '../../test/support/start-server.ts';

/** What the storm disturbs. */
export interface StormParts {
  readonly dice: Dice;
  readonly workers: readonly FleetWorker[];
  readonly temporal: StartedServer;
  readonly remote: FaultyServer;
  readonly host: GitHost | undefined;
  /** How many times longer than usual things take here: the pauses between disturbances grow with it. */
  readonly slowness: number;
  /** Told what breaks the storm itself. */
  readonly log: (text: string) => void;
}

/** What can happen, and how often it does; each answers whether it did. */
type Disturbances = Readonly<
  Record<string, { readonly weight: number; readonly run: (parts: StormParts) => Promise<boolean> }>
>;

const always: Disturbances = {
  'worker killed': { weight: 4, run: (parts) => restartWorker(parts, 'SIGKILL') },
  'worker told to end': { weight: 2, run: (parts) => restartWorker(parts, 'SIGTERM') },
  'worker killed, disk lost': { weight: 1, run: (parts) => restartWorker(parts, 'SIGKILL', true) },
  'worker frozen': { weight: 1, run: freezeWorker },
  'workspace deleted': { weight: 3, run: (parts) => deleteOne(parts, '.', /^[0-9a-f]{32}$/) },
  'mirror deleted': { weight: 1, run: (parts) => deleteOne(parts, '.mirrors', /^[^.]/) },
  'server killed': { weight: 1, run: ({ temporal }) => temporal.restart() },
  'remote failing': { weight: 2, run: breakRemote },
};

/** Where there is a Git host. */
const hosted: Disturbances = {
  'webhook receiver killed': {
    weight: 1,
    run: async ({ host, dice }) => (await host?.receiver.restart(dice.between(0, 3000))) ?? false,
  },
};

export type Tally = Record<string, number>;

/** Disturbs until `signal` aborts, each kind at least once if there is time; answers how often what happened. */
export async function runStorm(parts: StormParts, signal: AbortSignal): Promise<Tally> {
  const disturbances = parts.host ? { ...always, ...hosted } : always;
  const tally: Tally = Object.fromEntries(Object.keys(disturbances).map((name) => [name, 0]));
  const under = new Set<Promise<void>>();
  const errors: unknown[] = [];
  for (const name of order(disturbances, parts.dice)) {
    await sleep(parts.dice.between(300, 4000) * parts.slowness, undefined, { signal }).catch(() => undefined);
    if (signal.aborted || errors.length > 0) break;
    const work: Promise<void> = disturbances[name]!.run(parts)
      .then((happened) => void (tally[name]! += happened ? 1 : 0))
      .catch((error: unknown) => {
        parts.log(
          `The storm itself failed at "${name}": ${error instanceof Error ? error.stack : String(error)}`,
        );
        errors.push(error);
      })
      .finally(() => under.delete(work));
    under.add(work);
  }
  await Promise.all(under);
  if (errors.length > 0) throw errors[0];
  return tally;
}

/** Every kind once, in any order, then as the weights say without end. */
function* order(disturbances: Disturbances, dice: Dice): Generator<string> {
  const left = Object.keys(disturbances);
  while (left.length > 0) {
    const name = dice.pick(left);
    left.splice(left.indexOf(name), 1);
    yield name;
  }
  const bag = Object.entries(disturbances).flatMap(([name, { weight }]) => Array<string>(weight).fill(name));
  for (;;) yield dice.pick(bag);
}

/** Takes a worker that nobody disturbs, unless it is the last one. */
async function disturb(
  { dice, workers }: StormParts,
  work: (worker: FleetWorker) => Promise<void>,
): Promise<boolean> {
  const free = workers.filter(({ isTaken }) => !isTaken);
  if (free.length < 2) return false;
  const worker = dice.pick(free);
  worker.isTaken = true;
  try {
    await work(worker);
  } finally {
    worker.isTaken = false;
  }
  return true;
}

function restartWorker(parts: StormParts, signal: 'SIGKILL' | 'SIGTERM', loseDisk = false): Promise<boolean> {
  const pause = parts.dice.between(0, 3000);
  return disturb(parts, async (worker) => {
    await worker.end(signal);
    if (loseDisk) await worker.wipe();
    await sleep(pause);
    await worker.start();
  });
}

/** Longer than the heartbeat: everybody takes it for dead, and then it comes back. */
function freezeWorker(parts: StormParts): Promise<boolean> {
  const ms = parts.dice.between(11_000, 16_000);
  return disturb(parts, (worker) => worker.freeze(ms));
}

/** Behind the back of a worker that works with it. */
async function deleteOne({ dice, workers }: StormParts, folder: string, names: RegExp): Promise<boolean> {
  const { workspaces } = dice.pick(workers);
  const root = join(workspaces, folder);
  const found = (await readdir(root).catch(() => [])).filter((name) => names.test(name)).sort();
  if (found.length === 0) return false;
  // The worker may write there faster than we delete: half of it gone is trouble enough.
  await rm(join(root, dice.pick(found)), { recursive: true, force: true }).catch(() => undefined);
  return true;
}

async function breakRemote({ dice, remote }: StormParts): Promise<boolean> {
  const before = remote.likelihood;
  if (before > 0.5) return false;
  remote.likelihood = 0.6;
  await sleep(dice.between(2000, 6000));
  remote.likelihood = before;
  return true;
}
