import { readdir, readFile, realpath, rm, stat, writeFile } from 'node:fs/promises';
import { isAbsolute, join, sep } from 'node:path';
import { findChartRepositories } from '../core/edit/chart-dependencies.ts';
import { messageOf } from '../core/errors.ts';
import { checkLinks } from './check-links.ts';

/**
 * Makes ready for `helm dependency build` and returns the options it needs. Rejects with an Error when a dependency on
 * disk lies outside `root`, directly or through a symlink. `scratch` is a private folder.
 */
export async function prepareDependencies(
  root: string,
  chart: string,
  scratch: string,
): Promise<readonly string[]> {
  const repositories = new Set<string>();
  for (const name of ['Chart.yaml', 'Chart.lock', 'requirements.yaml', 'requirements.lock'])
    for (const repository of await readRepositories(join(chart, name), name)) repositories.add(repository);
  for (const repository of repositories) {
    if (repository.startsWith('file://')) await checkLocal(root, chart, repository);
  }
  const remote = [...repositories].filter((repository) => /^https?:/i.test(repository));
  const config = join(scratch, 'repositories.yaml');
  // With a lock file, helm takes only repositories it was told of.
  const entries = remote.map((url, index) => ({ name: `dependency-${index}`, url }));
  await writeFile(config, JSON.stringify({ apiVersion: 'v1', repositories: entries }), { mode: 0o600 });
  return [`--repository-config=${config}`];
}

/** What a build that was killed leaves in a chart; it would become part of it. */
export async function removeLeftovers(chart: string): Promise<void> {
  const names = await readdir(chart).catch(() => []);
  for (const name of names)
    if (/^tmpcharts-\d+$/.test(name)) await rm(join(chart, name), { recursive: true, force: true });
}

async function readRepositories(file: string, name: string): Promise<readonly string[]> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return [];
    throw error;
  }
  try {
    return findChartRepositories(text);
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
