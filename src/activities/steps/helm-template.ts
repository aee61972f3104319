import { mkdir, mkdtemp, readdir, readFile, realpath, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { boolean, list, object, oneOf, optional, string } from '../../core/schema/describe.ts';
import { checkLinks } from '../check-links.ts';
import { defineStep, type StepWorld } from '../define-step.ts';
import { prepareDependencies, removeLeftovers } from '../helm-dependencies.ts';
import { writeHelmValues, type HelmValues } from '../helm-values.ts';
import { placeFile } from '../place-file.ts';
import { runHelm } from '../run-helm.ts';
import { workAside } from '../work-aside.ts';

export const helmTemplate = defineStep({
  kind: 'helm-template',
  summary: 'Renders a Helm chart to one file, or to a folder.',
  description: [
    'Runs `helm template`: no cluster is asked, `lookup` finds nothing. Values count in this order: those of the chart, the',
    '`valuesFiles`, the `setValues`, among these the literal ones last.',
    '',
    'An `outPath` that ends in `.yaml` or `.yml` becomes one file, hooks last. Anything else is a folder: by default one file',
    'per template (`<chart>/templates/<file>.yaml`), with `outLayout: flat` one file per resource. Files there that are not',
    'written stay: put git-clear first.',
    '',
    'Nothing is fetched unless `buildDependencies` is set. Then `charts/` and `Chart.lock` in the folder of the chart are',
    'written too, with the credentials of the project (type helm); dependencies on disk (`file://`) must lie in the workspace.',
    '',
    'A secret belongs in a value with `literal: true`, or in a text without commas: helm gets those in private files.',
  ].join('\n'),
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,
  tools: ['helm'],

  config: object({
    path: string('The chart: a folder or a `.tgz`.', { minLength: 1 }),
    outPath: string('Where the manifests go: a file ending in `.yaml` or `.yml`, else a folder.', {
      minLength: 1,
    }),
    releaseName: optional(string('Name of the release.', { minLength: 1, default: 'release-name' })),
    outLayout: optional(
      oneOf(
        'Files in a folder: `helm` is what `helm template --output-dir` writes, `flat` is `[<group>-]<kind>[-<namespace>]-<name>.yaml`.',
        ['helm', 'flat'],
        { default: 'helm' },
      ),
    ),
    useReleaseName: optional(
      boolean('In a folder with the `helm` layout: put everything below a folder named like the release.', {
        default: false,
      }),
    ),
    namespace: optional(string('Namespace of the release. Without it: the project.')),
    valuesFiles: optional(
      list('Files with values; later ones win.', string('Such as `./values-prod.yaml`.', { minLength: 1 })),
    ),
    ignoreMissingValueFiles: optional(
      boolean('Values files that are not there do not matter.', { default: false }),
    ),
    setValues: optional(
      list(
        'Single values.',
        object({
          key: string('Where, in the notation of `helm --set`: `image.tag`, `list[0].name`.', {
            minLength: 1,
          }),
          value: string('The value, in the notation of `helm --set`: `3` is a number, `{a,b}` a list.'),
          literal: optional(boolean('Take the value as text, as it stands.', { default: false })),
        }),
      ),
    ),
    buildDependencies: optional(
      boolean('Run `helm dependency build` first, which may fetch charts.', { default: false }),
    ),
    includeCRDs: optional(boolean('Render the CRDs of the chart too.', { default: false })),
    disableHooks: optional(boolean('Leave hooks out.', { default: false })),
    skipTests: optional(boolean('Leave tests out.', { default: false })),
    kubeVersion: optional(string('Kubernetes version that the chart sees, such as `1.34`.')),
    apiVersions: optional(
      list('API versions that the chart sees as available.', string('Such as `apps/v1`.', { minLength: 1 })),
    ),
  }),

  examples: [
    {
      title: 'Render the manifests of a stage into one file',
      config: {
        path: './src/charts/app',
        valuesFiles: ['./src/stages/${{ ctx.stage }}/values.yaml'],
        releaseName: 'app',
        outPath: './out/manifests.yaml',
      },
    },
    {
      title: 'A file per resource, with the tag of the promoted image',
      config: {
        path: './src/charts/app',
        releaseName: 'app-${{ ctx.stage }}',
        namespace: 'app',
        outPath: './out',
        outLayout: 'flat',
        setValues: [
          { key: 'image.tag', value: "${{ imageFrom('ghcr.io/example/app').Tag }}", literal: true },
        ],
        skipTests: true,
      },
    },
  ],

  async run(config, world) {
    const { workspace } = world;
    const chart = await findChart(config.path, world);
    const scratch = await mkdtemp(join(tmpdir(), 'gantry-helm-'));
    try {
      const files = await render(config, world, { chart, scratch });
      const isFlat = config.outLayout === 'flat' || isOneFile(config.outPath);
      for (const [name, text] of files) {
        // Links in the folder lead nowhere outside.
        const place = await workspace.resolve(join(config.outPath, name));
        await placeFile(workspace.root, place, text, isFlat ? 0o600 : 0o644);
      }
      return {};
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  },
});

interface Config extends HelmValues {
  readonly outPath: string;
  readonly releaseName?: string;
  readonly outLayout?: 'helm' | 'flat';
  readonly useReleaseName?: boolean;
  readonly namespace?: string;
  readonly buildDependencies?: boolean;
  readonly includeCRDs?: boolean;
  readonly disableHooks?: boolean;
  readonly skipTests?: boolean;
  readonly kubeVersion?: string;
  readonly apiVersions?: readonly string[];
}

interface Rendering {
  /** Absolute path. */
  readonly chart: string;
  /** A private folder of this run. */
  readonly scratch: string;
}

async function findChart(path: string, { workspace }: StepWorld): Promise<string> {
  const chart = await workspace.resolve(path);
  const found = await stat(chart).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new Error(`path "${path}" does not exist`, { cause: error }) : error;
  });
  // helm looks through links wherever they lead.
  if (found.isDirectory()) await checkLinks(await realpath(workspace.root), await realpath(chart), path);
  return chart;
}

/** Texts by name inside `outPath`; one file has the empty name. */
async function render(
  config: Config,
  world: StepWorld,
  { chart, scratch }: Rendering,
): Promise<ReadonlyMap<string, string>> {
  const values = await writeHelmValues(config, world.workspace, scratch);
  const run = (args: readonly string[]) => runHelm(args, world, scratch, values.names);
  if (config.buildDependencies) {
    const root = await realpath(world.workspace.root);
    const { args, names } = await prepareDependencies(root, await realpath(chart), scratch, world);
    try {
      await runHelm(['dependency', 'build', ...args, '--', chart], world, scratch, names);
    } finally {
      await removeLeftovers(chart);
    }
  }
  const folder = join(scratch, 'out');
  const ownNames = !isOneFile(config.outPath) && config.outLayout !== 'flat';
  if (ownNames) await mkdir(folder);
  const stream = await run([
    'template',
    ...values.args,
    ...options(config, world.promotion.project),
    ...(ownNames ? [`--output-dir=${folder}`] : []),
    '--',
    config.releaseName || 'release-name',
    chart,
  ]);
  if (isOneFile(config.outPath)) return new Map([['', stream]]);
  return ownNames ? readFolder(folder) : workAside('nameChartManifests', [stream], world.signal);
}

function isOneFile(outPath: string): boolean {
  return /\.ya?ml$/.test(outPath);
}

function options(config: Config, project: string): readonly string[] {
  const { apiVersions = [], kubeVersion, useReleaseName, includeCRDs, disableHooks, skipTests } = config;
  return [
    `--namespace=${config.namespace || project}`,
    ...apiVersions.map((version) => `--api-versions=${version}`),
    ...(kubeVersion ? [`--kube-version=${kubeVersion}`] : []),
    ...(useReleaseName ? ['--release-name'] : []),
    ...(includeCRDs ? ['--include-crds'] : []),
    ...(disableHooks ? ['--no-hooks'] : []),
    ...(skipTests ? ['--skip-tests'] : []),
  ];
}

async function readFolder(folder: string): Promise<ReadonlyMap<string, string>> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  const texts = paths.map(async (path) => [relative(folder, path), await readFile(path, 'utf8')] as const);
  return new Map(await Promise.all(texts));
}
