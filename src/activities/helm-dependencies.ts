import { readdir, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import type { ChartRepository } from '../core/edit/chart-dependencies.ts';
import { messageOf } from '../core/errors.ts';
import { checkLinks } from './check-links.ts';
import type { StepWorld } from './define-step.ts';
import { writeRegistryConfig } from './helm-registries.ts';
import { workAside } from './work-aside.ts';
import { findTextAt } from './read-text.ts';

/** Options for helm, and the repositories by the names that helm uses for them in messages. */
export interface DependencyOptions {
  readonly args: readonly string[];
  readonly names: ReadonlyMap<string, string>;
}

/**
 * Makes ready for `helm dependency build` or `update` and returns the options it needs. Credentials of the project go into
 * private files in `scratch`, a private folder. Rejects with an Error when a dependency on disk lies outside `root`,
 * directly or through a symlink.
 */
export async function prepareDependencies(
  root: string,
  chart: string,
  scratch: string,
  { findCredentials, signal }: Pick<StepWorld, 'findCredentials' | 'signal'>,
): Promise<DependencyOptions> {
  const found: ChartRepository[] = [];
  for (const name of ['Chart.yaml', 'Chart.lock', 'requirements.yaml', 'requirements.lock'])
    found.push(...(await readRepositories(join(chart, name), name, signal)));
  const repositories = [...new Set(found.map(({ repository }) => repository))];
  for (const repository of repositories) {
    if (repository.startsWith('file://')) await checkLocal(root, chart, repository);
  }
  const remote = repositories.filter((repository) => /^https?:/i.test(repository));
  const config = join(scratch, 'repositories.yaml');
  // With a lock file, helm takes only repositories it was told of.
  const entries = remote.map(async (url, index) => {
    const { username = '', password } = (await findCredentials({ type: 'helm', repoURL: url })) ?? {};
    return { name: `dependency-${index}`, url, ...(password && { username, password }) };
  });
  const content = { apiVersion: 'v1', repositories: await Promise.all(entries) };
  await writeFile(config, JSON.stringify(content), { mode: 0o600 });
  const registries = await writeRegistryConfig(found, scratch, findCredentials);
  const names = new Map(remote.map((url, index) => [`dependency-${index}`, url] as const).toReversed());
  return { args: [`--repository-config=${config}`, ...registries], names };
}

/** What a build that was killed leaves in a chart; it would become part of it. */
export async function removeLeftovers(chart: string): Promise<void> {
  const names = await readdir(chart).catch(() => []);
  for (const name of names)
    if (/^tmpcharts-\d+$/.test(name)) await rm(join(chart, name), { recursive: true, force: true });
}

async function readRepositories(
  file: string,
  name: string,
  signal: AbortSignal,
): Promise<readonly ChartRepository[]> {
  const text = await findTextAt(file, name);
  if (text === undefined) return [];
  try {
    return await workAside('findChartRepositories', [text], signal);
  } catch (error) {
    throw new Error(`${name}: ${messageOf(error)}`, { cause: error });
  }
}

async function checkLocal(root: string, chart: string, repository: string): Promise<void> {
  const what = `dependency "${repository}"`;
  const path = repository.slice('file://'.length);
  if (isAbsolute(path)) throw new Error(`${what}: its path must be relative to the chart`);
  const real = await realpath(join(chart, path)).catch((error: NodeJS.ErrnoException) => {
    throw error.code === 'ENOENT' ? new Error(`${what} does not exist`, { cause: error }) : error;
  });
  if (!real.startsWith(root + sep)) throw new Error(`${what} leads out of the workspace`);
  if ((await stat(real)).isDirectory()) await checkLinks(root, real, what);
}
