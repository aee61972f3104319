import { rmSync } from 'node:fs';
import { readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { JsonObject } from '../../src/core/json.ts';
import { renderedRequest } from '../../test/support/pipeline.ts';
import { shapes, type RepositoryShape } from './git/generate-repository.ts';
import { copyRepository, type RivalRepository } from './git/rival-repositories.ts';
import { serveRepositories } from './git/serve-repositories.ts';
import { openInstallation, type Installation } from './installation.ts';
import { median, ratioOf, time, type Measure } from './measure.ts';
import { runScript } from './promotion.ts';

const rounds = 3;
const steps = 6;
/** Promotions before anything is measured: code that is run for the first time takes several times as long. */
const warmUps = 10;
/** Milliseconds that Gantry may add to each step where there is nothing to save. */
const allowedPerStep = 55;

/** What a worker knows before a promotion, what the promotion asks for, and what it may take of the plain commands' time. */
interface Scenario {
  readonly name: string;
  /** Default: everything an earlier promotion left is there. */
  readonly forget?: 'trees' | 'mirrors';
  /** More for the step git-clone, and for its first checkout. */
  readonly clone?: JsonObject;
  readonly checkout?: JsonObject;
  /** Share of the plain commands' time; absent = their time and `allowedPerStep`. */
  readonly limit?: number;
}

/** Nothing is forgotten, everything is asked for. */
const repeated: Scenario = { name: 'repeated' };

const narrow = { sparse: ['base', 'stages'] };

const scenarios: Readonly<Record<keyof typeof shapes, readonly Scenario[]>> = {
  small: [repeated],
  medium: [
    { ...repeated, limit: 0.08 },
    { name: 'first-named-paths', forget: 'trees', checkout: narrow, limit: 0.1 },
    { name: 'first-whole-tree', forget: 'trees', limit: 0.8 },
    {
      name: 'cold-narrow',
      forget: 'mirrors',
      clone: { depth: 1, blobless: true },
      checkout: narrow,
      limit: 0.12,
    },
    { name: 'cold', forget: 'mirrors', limit: 1.15 },
  ],
  large: [{ ...repeated, limit: 0.08 }],
};

/**
 * Whole promotions of three repositories against the same work by plain commands, in turn. `wanted` are beginnings of the
 * measures' ids, as in `git/medium/file`; none = all.
 */
export async function measureGit(wanted: readonly string[] = []): Promise<readonly Measure[]> {
  const measures: Measure[] = [];
  for (const [name, shape] of Object.entries(shapes)) {
    for (const transport of ['file', 'http'] as const) {
      const prefix = `git/${name}/${transport}`;
      const chosen = scenarios[name as keyof typeof shapes].filter(
        (scenario) => wanted.length === 0 || wanted.some((id) => `${prefix}/${scenario.name}`.startsWith(id)),
      );
      if (chosen.length > 0) measures.push(...(await race(shape, transport, prefix, chosen)));
    }
  }
  if (measures.length === 0) throw new Error(`no measure begins with ${wanted.join(' or ')}`);
  return measures;
}

async function race(
  shape: RepositoryShape,
  transport: 'file' | 'http',
  prefix: string,
  chosen: readonly Scenario[],
): Promise<readonly Measure[]> {
  const installation = await openInstallation();
  const folder = join(installation.folder, 'remotes');
  const server = transport === 'http' ? await serveRepositories(folder) : undefined;
  const base = server?.url ?? `file://${folder}`;
  try {
    const [ours, theirs] = [
      await copyRepository(shape, folder, base, 'ours'),
      await copyRepository(shape, folder, base, 'theirs'),
    ];
    const times = await run(installation, ours, theirs, chosen);
    return chosen.map((scenario, index) => compare(`${prefix}/${scenario.name}`, scenario, times, index));
  } finally {
    await server?.close();
    await installation.close();
  }
}

/** Milliseconds: of each scenario, and of the plain commands, in every round. */
interface RaceTimes {
  readonly ours: readonly (readonly number[])[];
  readonly theirs: readonly number[];
}

async function run(
  installation: Installation,
  ours: RivalRepository,
  theirs: RivalRepository,
  chosen: readonly Scenario[],
): Promise<RaceTimes> {
  const mirrors = join(installation.folder, 'workspaces', '.mirrors');
  const result = { ours: chosen.map((): number[] => []), theirs: [] as number[] };
  // The worker is one that has been up for a while; the first promotion begins the branch of the Stage, too.
  for (let count = 0; count < warmUps; count++) {
    await installation.promote(requestOf(ours, `0.0.${count}`, repeated));
  }
  // The first round warms up the plain commands.
  for (let round = 0; round <= rounds; round++) {
    theirs.advance();
    const script = join(installation.folder, `script-${round}`);
    const their = await time(() => runScript(script, theirs, `1.${round}.0`));
    rmSync(script, { recursive: true });
    if (round > 0) result.theirs.push(their);
    for (const [index, scenario] of chosen.entries()) {
      // Whatever was measured before, the worker has seen a promotion like this one.
      await installation.promote(requestOf(ours, `0.${round + 1}.${index}`, repeated));
      await forget(mirrors, scenario.forget);
      const request = requestOf(ours, `1.${round}.${index}`, scenario);
      const mine = await time(() => installation.promote(request));
      if (round > 0) result.ours[index]!.push(mine);
    }
  }
  return result;
}

async function forget(mirrors: string, what: Scenario['forget']): Promise<void> {
  if (what === 'mirrors') await rm(mirrors, removal);
  if (what !== 'trees') return;
  for (const mirror of await readdir(mirrors).catch(() => [])) {
    await rm(join(mirrors, mirror, 'trees'), removal);
  }
}

/** The worker may still be cleaning what the promotion before has left. */
const removal = { recursive: true, force: true, maxRetries: 10 } as const;

function requestOf(repository: RivalRepository, tag: string, { clone, checkout }: Scenario): JsonObject {
  const base = repository.advance();
  const request = structuredClone(
    renderedRequest({ url: repository.url, commits: new Map([['base', base]]) }, tag),
  );
  for (const definition of request['definitions'] as unknown as StageLike[]) {
    for (const { uses, config } of definition.spec.promotionTemplate.spec.steps) {
      if (uses !== 'git-clone') continue;
      Object.assign(config, clone);
      Object.assign(config.checkout![0]!, checkout);
    }
  }
  return request;
}

interface StageLike {
  readonly spec: {
    readonly promotionTemplate: {
      readonly spec: { readonly steps: readonly { uses: string; config: { checkout?: JsonObject[] } }[] };
    };
  };
}

function compare(id: string, { limit }: Scenario, times: RaceTimes, index: number): Measure {
  const [ours, theirs] = [times.ours[index]!, times.theirs];
  const [promotion, script] = [median(ours), median(theirs)];
  const allowed = limit ?? (script + steps * allowedPerStep) / script;
  const ratio = limit === undefined ? promotion / script : ratioOf({ ours, theirs });
  const detail = `promotion ${promotion.toFixed(0)} ms, plain commands ${script.toFixed(0)} ms`;
  return { id, ratio, limit: allowed, ok: ratio <= allowed, detail };
}
