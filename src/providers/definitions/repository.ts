import { randomUUID } from 'node:crypto';
import { mkdtemp, mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { DefinitionFile } from '../../core/definitions/read-definitions.ts';
import { messageOf } from '../../core/errors.ts';
import { withAccess } from '../git/access.ts';
import type { GitOptions } from '../git/git.ts';
import { isCommitName } from '../git/ref-name.ts';
import { displayURL, parseRemoteURL, type RemoteURL } from '../git/remote-url.ts';
import { runGit } from '../git/run-git.ts';
import type { DefinitionFiles, DefinitionSource } from './definition-files.ts';
import { checkLimits, isDefinitionFile, limits } from './limits.ts';

/** How repositories are reached. */
export interface RepositoryOptions {
  /** A private folder for what is fetched; made when needed, emptied by `close`. */
  readonly home: string;
  readonly git: Pick<
    GitOptions,
    'binary' | 'credentials' | 'environment' | 'protocols' | 'config' | 'runProgram'
  >;
}

/** A folder of a Git repository at a ref. Every read asks the remote; what did not change is not read again. */
export function openRepository(spec: string, { home, git }: RepositoryOptions): DefinitionSource {
  const { remote, ref, path } = parseSpec(spec);
  let folder: Promise<string> | undefined;
  let last: DefinitionFiles | undefined;
  let turn: Promise<unknown> = Promise.resolve();
  const read = async (signal: AbortSignal): Promise<DefinitionFiles> => {
    signal.throwIfAborted();
    folder ??= makeFolder(home);
    const options = createOptions(await folder, git, signal);
    const revision = await fetchCommit(options, remote, ref);
    if (last?.revision !== revision)
      last = { revision, files: await readFiles(options, spec, revision, path) };
    return last;
  };
  return {
    name: displayURL(spec),
    read(signal) {
      // One at a time: they share the fetched repository.
      const mine = turn
        .then(() => read(signal))
        .catch((error: unknown) => {
          throw explain(spec, signal, error);
        });
      turn = mine.catch(() => undefined);
      return mine;
    },
    async close() {
      await turn;
      if (folder) await rm(await folder, { recursive: true, force: true });
    },
  };
}

interface Spec {
  readonly remote: RemoteURL;
  readonly ref: string;
  /** Folder in the repository, without slashes around it; empty = all of it. */
  readonly path: string;
}

function parseSpec(spec: string): Spec {
  const [, url = '', query = ''] = /^([^?]*)(?:\?(.*))?$/.exec(spec) ?? [];
  const settings = new URLSearchParams(query);
  const unknown = [...settings.keys()].find((key) => key !== 'ref' && key !== 'path');
  if (unknown !== undefined)
    throw new Error(
      `definitions ${displayURL(spec)}: unknown setting ${JSON.stringify(unknown)}; known: ref, path`,
    );
  const ref = settings.get('ref') || 'HEAD';
  if (ref !== 'HEAD' && !isCommitName(ref))
    throw new Error(`definitions ${displayURL(spec)}: ${JSON.stringify(ref)} is no branch, tag or commit`);
  const path = (settings.get('path') ?? '').replace(/^(\.?\/)+|\/+$|^\.$/g, '');
  return { remote: parseRemoteURL(url), ref, path };
}

async function makeFolder(home: string): Promise<string> {
  await mkdir(home, { recursive: true, mode: 0o700 });
  return mkdtemp(join(home, 'definitions-'));
}

function createOptions(folder: string, git: RepositoryOptions['git'], signal: AbortSignal): GitOptions {
  const identity = { name: 'Gantry', email: 'gantry@localhost' };
  return { ...git, home: folder, project: '', identity, task: randomUUID(), signal };
}

/** Brings the commit a ref stands for, without its past, and says which it is. */
async function fetchCommit(options: GitOptions, remote: RemoteURL, ref: string): Promise<string> {
  await runGit(options, ['init', '--quiet', '--bare', '.']);
  return withAccess(options, remote, false, async ({ env, config, secrets }) => {
    const fetch = ['fetch', '--quiet', '--depth=1', '--no-tags', '--end-of-options', remote.text, ref];
    await runGit(options, fetch, { env, config, secrets });
    const commit = await runGit(options, ['rev-parse', '--verify', 'FETCH_HEAD^{commit}']);
    return commit.trim();
  });
}

/** Files of a tree without a checkout: links and submodules are left out by their mode. */
async function readFiles(
  options: GitOptions,
  spec: string,
  commit: string,
  path: string,
): Promise<readonly DefinitionFile[]> {
  const listed = await runGit(options, ['ls-tree', '-r', '-z', '-l', `${commit}:${path}`]);
  const entries = listed.split('\0').flatMap((line) => parseEntry(line) ?? []);
  const sizes = entries.reduce((sum, { size }) => sum + Math.min(size, limits.file), 0);
  checkLimits(displayURL(spec), entries.length, sizes);
  const texts = await readBlobs(options, entries);
  return entries.map(({ name }, index) => ({ name: path ? `${path}/${name}` : name, text: texts[index]! }));
}

interface Entry {
  readonly name: string;
  readonly sha: string;
  readonly size: number;
}

function parseEntry(line: string): Entry | undefined {
  const [, sha, size, name] = /^100\d{3} blob ([0-9a-f]+) +(\d+)\t([^]+)$/.exec(line) ?? [];
  return name !== undefined && isDefinitionFile(name) ? { name, sha: sha!, size: Number(size) } : undefined;
}

/** All blobs by one process. A mark nobody can foresee stands before each, for sizes count bytes and output is text. */
async function readBlobs(options: GitOptions, entries: readonly Entry[]): Promise<readonly string[]> {
  if (entries.length === 0) return [];
  const mark = randomUUID();
  const input = entries.map(({ sha }) => `${sha}\n`).join('');
  const output = await runGit(options, ['cat-file', `--batch=${mark} %(objectname)`], { input });
  const texts = output
    .replace(/\n$/, '')
    .split(new RegExp(`(?:^|\\n)${mark} [0-9a-f]+\\n`))
    .slice(1);
  return texts.map((text) => text.slice(0, limits.file));
}

function explain(spec: string, signal: AbortSignal, error: unknown): unknown {
  if (signal.aborted) return error;
  return new Error(`definitions ${displayURL(spec)} cannot be read: ${messageOf(error)}`, { cause: error });
}
