import { mkdtemp, readdir, realpath, rm, rmdir, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compareLocks, type ChartUpdate } from '../../core/edit/chart-dependencies.ts';
import { messageOf } from '../../core/errors.ts';
import { findChart } from '../../core/freight/find-artifact.ts';
import type { FreightSet, Origin } from '../../core/freight/freight.ts';
import { list, object, oneOf, optional, string } from '../../core/schema/describe.ts';
import { checkLinks } from '../check-links.ts';
import { defineStep, type StepWorld } from '../define-step.ts';
import { prepareDependencies, removeLeftovers } from '../helm-dependencies.ts';
import { placeFile } from '../place-file.ts';
import { findTextAt } from '../read-text.ts';
import { runHelm } from '../run-helm.ts';
import { workAside } from '../work-aside.ts';

export const helmUpdateChart = defineStep({
  kind: 'helm-update-chart',
  summary: 'Sets versions of the charts that a chart depends on, and fetches them.',
  description: [
    'Sets the versions in `Chart.yaml`, where comments, quotes and layout survive, then runs `helm dependency update`: that',
    'fetches the charts into `charts/` and writes `Chart.lock`. Without `charts` only the latter: version ranges are resolved',
    'anew. A lock that would only get another time stays as it is; if anything fails, `Chart.yaml` and the lock do.',
    '',
    'Credentials are those of the project: a Secret labelled `kargo.akuity.io/cred-type: helm` whose `repoURL` is the',
    'repository, for OCI also `oci://` with the chart behind it. Dependencies on disk (`file://`) must lie in the workspace.',
  ].join('\n'),
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,
  tools: ['helm'],

  config: object({
    path: string('Folder of the chart.', { minLength: 1 }),
    charts: optional(
      list(
        'Dependencies to set.',
        object({
          repository: string('Repository of the dependency, as `Chart.yaml` has it.', { minLength: 1 }),
          name: string('Name of the dependency.', { minLength: 1 }),
          version: optional(
            string('Version to set. Without it: the one in the Freight.', {
              minLength: 1,
              artifact: 'chart',
            }),
          ),
          fromOrigin: optional(
            object(
              {
                kind: oneOf('Kind of the origin.', ['Warehouse']),
                name: string('Name of the Warehouse.', { minLength: 1 }),
              },
              {
                description: 'Takes the version from the Freight of this Warehouse.',
                deprecated: true,
                'x-instead': '"version: ${{ chartFrom(repository, name, warehouse(name)).Version }}"',
              },
            ),
          ),
        }),
        { minItems: 1 },
      ),
    ),
  }),

  outputs: object({
    commitMessage: optional(string('What changed in the lock, for git-commit. Absent when nothing did.')),
  }),

  examples: [
    {
      title: 'Set the promoted version of a dependency',
      as: 'update-chart',
      config: {
        path: './src/charts/shop',
        charts: [
          {
            repository: 'https://charts.example.com',
            name: 'redis',
            version: "${{ chartFrom('https://charts.example.com', 'redis').Version }}",
          },
        ],
      },
    },
    { title: 'Resolve version ranges anew', config: { path: './src/charts/shop' } },
  ],

  async run({ path, charts = [] }, world) {
    const { workspace, freight } = world;
    const chart = await findFolder(path, world);
    const before = await readChart(chart, path);
    const updates = charts.map((one) => toUpdate(one, freight));
    const text = await setOrExplain(before.text, updates, path, world.signal);
    try {
      if (text !== before.text) await placeFile(workspace.root, join(chart, 'Chart.yaml'), text);
      await updateDependencies(chart, world);
    } catch (error) {
      await restore(chart, before, workspace.root);
      throw error;
    }
    const changes = await settleLock(chart, before, world);
    if (changes.length === 0) return { message: 'nothing changed in the lock' };
    const lines = changes.map((line) => `- ${line}`).join('\n');
    return { output: { commitMessage: `Updated chart dependencies for ${path}\n\n${lines}` } };
  },
});

interface ChartConfig {
  readonly repository: string;
  readonly name: string;
  readonly version?: string;
  readonly fromOrigin?: Origin;
}

/** A chart as it was. */
interface ChartFiles {
  readonly text: string;
  readonly lock: string | undefined;
  readonly hadCharts: boolean;
}

function toUpdate({ repository, name, version, fromOrigin }: ChartConfig, freight: FreightSet): ChartUpdate {
  if (version) return { repository, name, version };
  // A chart in an OCI registry is a repository of its own.
  const isOci = repository.startsWith('oci://');
  const found = isOci
    ? findChart(freight, `${repository.replace(/\/+$/, '')}/${name}`, undefined, fromOrigin)
    : findChart(freight, repository, name, fromOrigin);
  if (found) return { repository, name, version: found.version };
  const where = fromOrigin ? ` of Warehouse ${fromOrigin.name}` : '';
  throw new Error(`chart ${name} of ${repository} is not in the Freight${where}: set its version`);
}

/** The folder of a chart, no link in it leading out: helm looks through them wherever they lead. */
async function findFolder(path: string, { workspace }: StepWorld): Promise<string> {
  const chart = await workspace.resolve(path);
  const found = await stat(chart).catch(() => undefined);
  if (!found?.isDirectory()) throw new Error(`path "${path}" is no folder of a chart`);
  await checkLinks(await realpath(workspace.root), await realpath(chart), path);
  return chart;
}

async function readChart(chart: string, path: string): Promise<ChartFiles> {
  const text = await findTextAt(join(chart, 'Chart.yaml'), `${path}/Chart.yaml`);
  if (text === undefined) throw new Error(`path "${path}" holds no Chart.yaml`);
  const lock = await findTextAt(join(chart, 'Chart.lock'), `${path}/Chart.lock`);
  return { text, lock, hadCharts: await stat(join(chart, 'charts')).then(Boolean, () => false) };
}

async function setOrExplain(
  text: string,
  updates: readonly ChartUpdate[],
  path: string,
  signal: AbortSignal,
): Promise<string> {
  try {
    return await workAside('setDependencyVersions', [text, updates], signal);
  } catch (error) {
    throw new Error(`Chart.yaml of "${path}": ${messageOf(error)}`, { cause: error });
  }
}

async function updateDependencies(chart: string, world: StepWorld): Promise<void> {
  const scratch = await mkdtemp(join(tmpdir(), 'gantry-helm-'));
  try {
    const [root, real] = [await realpath(world.workspace.root), await realpath(chart)];
    const { args, names } = await prepareDependencies(root, real, scratch, world);
    await runHelm(['dependency', 'update', ...args, '--', chart], world, scratch, names);
  } finally {
    await rm(scratch, { recursive: true, force: true });
    await removeLeftovers(chart);
  }
}

async function restore(chart: string, { text, lock, hadCharts }: ChartFiles, root: string): Promise<void> {
  await placeFile(root, join(chart, 'Chart.yaml'), text);
  if (lock !== undefined) await placeFile(root, join(chart, 'Chart.lock'), lock);
  const left = hadCharts ? undefined : await readdir(join(chart, 'charts')).catch(() => undefined);
  if (left?.length === 0) await rmdir(join(chart, 'charts'));
}

/** Puts the old lock back where only its time is new, else the time that is the same whenever this is done again. */
async function settleLock(
  chart: string,
  { lock = '' }: ChartFiles,
  { workspace, startedAt, signal }: StepWorld,
): Promise<readonly string[]> {
  const file = join(chart, 'Chart.lock');
  const found = await findTextAt(file, 'Chart.lock');
  if (found === undefined) return [];
  const read = (text: string) => workAside('readLockedVersions', [text], signal);
  const changes = compareLocks(lock ? await read(lock) : [], await read(found));
  const time = startedAt.toISOString();
  const settled =
    changes.length === 0 && lock ? lock : found.replace(/^generated: .*$/m, `generated: "${time}"`);
  await placeFile(workspace.root, file, settled);
  return changes;
}
