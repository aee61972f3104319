import { mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkFileName } from '../../core/edit/manifests.ts';
import { messageOf } from '../../core/errors.ts';
import { list, object, oneOf, optional, string } from '../../core/schema/describe.ts';
import { defineStep, type StepWorld } from '../define-step.ts';
import { checkKustomizeSources } from '../kustomize-sources.ts';
import { placeFile } from '../place-file.ts';
import { workAside } from '../work-aside.ts';

export const kustomizeBuild = defineStep({
  kind: 'kustomize-build',
  summary: 'Renders a kustomization to one file, or to a folder with a file per resource.',
  description: [
    'Runs `kustomize build` with `--load-restrictor LoadRestrictionsNone --enable-helm`: a kustomization may use sibling',
    'folders, but nothing outside the workspace, not even through a symlink. Resources come in the order in which they were',
    'accumulated, unless `sortOptions` says otherwise. Only built-in plugins run. Charts in `helmCharts` are inflated by the',
    '`helm` binary, which may fetch them; nothing else is fetched unless the kustomization names a remote base.',
    '',
    'An `outPath` that ends in `.yaml` or `.yml` becomes one file, anything else a folder. Files there that the build does',
    'not write stay: put git-clear first. New files are for the owner only (0600, folders 0700), old ones keep their mode.',
    'Resources that would share a file name get their group into it: `thing.a.example-x.yaml`.',
  ].join('\n'),
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,
  tools: ['kustomize'],

  config: object({
    path: string('Folder of the kustomization.', { minLength: 1 }),
    outPath: string('Where the manifests go: a file ending in `.yaml` or `.yml`, else a folder.', {
      minLength: 1,
    }),
    outputFormat: optional(
      oneOf(
        'File names in a folder: `kargo` is `[<namespace>-]<kind>-<name>.yaml`, `kustomize` is what `kustomize build -o` writes.',
        ['kargo', 'kustomize'],
        { default: 'kargo' },
      ),
    ),
    plugin: optional(
      object(
        {
          helm: optional(
            object(
              {
                apiVersions: optional(
                  list(
                    'API versions that charts see as available.',
                    string('Such as `apps/v1`.', { minLength: 1 }),
                  ),
                ),
                kubeVersion: optional(string('Kubernetes version that charts see, such as `1.34`.')),
              },
              { description: 'Inflation of Helm charts.' },
            ),
          ),
        },
        { description: 'Options of the built-in plugins.' },
      ),
    ),
  }),

  examples: [
    {
      title: 'Render the manifests of a stage into a cleared work tree',
      config: { path: './src/stages/${{ ctx.stage }}', outPath: './out' },
    },
    {
      title: 'One file, with charts told what the cluster offers',
      config: {
        path: './src/stages/${{ ctx.stage }}',
        outPath: './out/manifests.yaml',
        plugin: { helm: { apiVersions: ['monitoring.coreos.com/v1'], kubeVersion: '1.34' } },
      },
    },
  ],

  async run(config, world) {
    const { workspace } = world;
    // As in Kargo: joined plainly, so that a path that climbs out is an error and not something else.
    const source = join(workspace.root, config.path);
    const { usesHelm } = await checkKustomizeSources(workspace.root, source, world.signal);
    const scratch = await mkdtemp(join(tmpdir(), 'gantry-kustomize-'));
    try {
      const files = await build(config, world, { source, scratch, usesHelm });
      const out = await workspace.resolve(config.outPath);
      if (!isOneFile(config.outPath)) await mkdir(out, { recursive: true, mode: 0o700 });
      for (const [name, text] of files) await placeFile(workspace.root, join(out, name), text);
      return {};
    } finally {
      await rm(scratch, { recursive: true, force: true });
    }
  },
});

interface Config {
  readonly outPath: string;
  readonly outputFormat?: 'kargo' | 'kustomize';
  readonly plugin?: {
    readonly helm?: { readonly apiVersions?: readonly string[]; readonly kubeVersion?: string };
  };
}

interface Build {
  readonly source: string;
  /** A private folder of this run. */
  readonly scratch: string;
  readonly usesHelm: boolean;
}

/** Texts by name inside `outPath`; one file has the empty name. */
async function build(
  config: Config,
  world: StepWorld,
  { source, scratch, usesHelm }: Build,
): Promise<ReadonlyMap<string, string>> {
  const folder = join(scratch, 'out');
  const ownNames = !isOneFile(config.outPath) && config.outputFormat === 'kustomize';
  if (ownNames) await mkdir(folder);
  const args = [
    'build',
    source,
    ...fixedOptions,
    ...helmOptions(config),
    ...(ownNames ? ['--output', folder] : []),
  ];
  const stream = await runKustomize(args, world, scratch, usesHelm);
  if (isOneFile(config.outPath)) return new Map([['', stream]]);
  if (!ownNames) return workAside('nameManifestTexts', [stream], world.signal);
  const names = await readdir(folder);
  return new Map(
    await Promise.all(
      names.map(async (name) => [checkFileName(name), await readFile(join(folder, name), 'utf8')] as const),
    ),
  );
}

function isOneFile(outPath: string): boolean {
  return /\.ya?ml$/.test(outPath);
}

const fixedOptions = ['--load-restrictor', 'LoadRestrictionsNone', '--enable-helm', '--reorder', 'none'];

function helmOptions({ plugin }: Config): readonly string[] {
  const { apiVersions = [], kubeVersion } = plugin?.helm ?? {};
  return [
    ...apiVersions.map((version) => `--helm-api-versions=${version}`),
    ...(kubeVersion ? [`--helm-kube-version=${kubeVersion}`] : []),
  ];
}

async function runKustomize(
  args: readonly string[],
  { tools, workspace, signal }: StepWorld,
  home: string,
  usesHelm: boolean,
): Promise<string> {
  try {
    return await tools.run('kustomize', args, {
      cwd: workspace.root,
      signal,
      env: privateEnv(home),
      ...(usesHelm && { alongside: ['helm'] }),
    });
  } catch (error) {
    if (signal.aborted) throw error;
    const words = messageOf(error).replaceAll(`${workspace.root}/`, '').replace(deprecation, '');
    throw new Error(words, { cause: error });
  }
}

/** There is no other way to keep the order of a kustomization that does not say `sortOptions`. */
const deprecation = /Flag --reorder has been deprecated.*\n/;

/** Nothing of the worker's own home: no charts, no credentials. A remote base may not be a folder of this machine. */
function privateEnv(home: string): Readonly<Record<string, string>> {
  return {
    HOME: home,
    XDG_CONFIG_HOME: join(home, 'config'),
    XDG_CACHE_HOME: join(home, 'cache'),
    XDG_DATA_HOME: join(home, 'data'),
    TMPDIR: home,
    GIT_TERMINAL_PROMPT: '0',
    GIT_ALLOW_PROTOCOL: 'https:http:ssh:git',
  };
}
