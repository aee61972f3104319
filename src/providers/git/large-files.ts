import { existsSync } from 'node:fs';
import { appendFile, lstat, readFile } from 'node:fs/promises';
import { delimiter, dirname, join } from 'node:path';
import { readGitFolder } from './add-work-tree.ts';
import type { GitOptions } from './git.ts';
import { findIndexed } from './mirror/index-file.ts';
import type { OpenTree } from './open-tree.ts';
import { displayURL } from './remote-url.ts';
import type { Repository } from './repository.ts';
import { gitEnvironment, isGitError } from './run-git.ts';

/** Says whether a work tree has files that are kept by Git LFS. */
export async function hasLargeFiles(path: string, sha: string): Promise<boolean> {
  const index = await readFile(join(await readGitFolder(path), 'index'));
  if (!index.includes(attributes)) return false;
  const isAttributes = (_kind: unknown, name: Buffer) =>
    name.subarray(-attributes.length).equals(attributes) &&
    [-1, 0x2f].includes(name.at(-attributes.length - 1) ?? -1);
  const files = findIndexed(index, sha.length === 64 ? 32 : 20, isAttributes) ?? [attributes.toString()];
  for (const file of files) if (await namesLfs(join(path, file))) return true;
  return false;
}

/**
 * Puts the contents of a work tree's large files in the place of their pointers, and lets all later calls of git know that
 * they are large. Returns why the pointers stay, when there is no git-lfs here or the server has no such files at all.
 */
export async function fetchLargeFiles(
  options: GitOptions,
  repository: Repository,
  path: string,
  isSparse: boolean,
): Promise<string | undefined> {
  const binary = await options.findLfs?.();
  const stays = 'files of Git LFS stay pointers';
  if (binary === undefined)
    return `${stays}: this worker has no git-lfs; install it there (https://git-lfs.com)`;
  const url = await findServer(repository, path);
  if (url === undefined)
    return `${stays}: .lfsconfig names a server that is not asked: only http and https are`;
  await openLargeFiles(repository, binary);
  try {
    const call = { binary, url, cwd: path };
    for (const choice of await chooseFiles(options, repository, call, isSparse))
      await runLfs(options, repository, call, ['pull', ...choice, 'origin']);
    return undefined;
  } catch (error) {
    if (!isGitError(error) || !hasNoServer.test((error as Error).message)) throw error;
    return `${stays}: ${displayURL(repository.remote.text)} does not offer them`;
  }
}

/** Brings large files of commits that a push is about to publish to the server, before it. Does nothing for other clones. */
export async function pushLargeFiles(
  { options, repository, path }: OpenTree,
  base: string | undefined,
): Promise<void> {
  if (!(await readFile(join(repository.bare, 'config'), 'utf8')).includes(section)) return;
  const binary = await options.findLfs?.();
  const url = await findServer(repository, path);
  if (binary === undefined || url === undefined)
    throw new Error(
      'the work tree has files of Git LFS, and this worker has no git-lfs to push them with; install it there',
    );
  const since = base === undefined ? [] : [`^${base}`];
  const head = (await repository.run(['rev-list', '--max-count=1', 'HEAD', ...since], { cwd: path })).trim();
  if (head === '') return;
  const input = `HEAD ${head} refs/heads/any ${base ?? '0'.repeat(head.length)}\n`;
  await runLfs(options, repository, { binary, url, cwd: path, input }, [
    'pre-push',
    'origin',
    repository.remote.text,
  ]);
}

const attributes = Buffer.from('.gitattributes');
const section = '[filter "lfs"]';

/** What git-lfs says when nobody answers at the place where its API would be. */
const hasNoServer =
  /Repository or object not found|Server error: 50[01]|\b(404|405|501)\b.*batch|not support|unknown command|git-lfs-authenticate/i;

async function namesLfs(file: string): Promise<boolean> {
  const found = await lstat(file).catch(() => undefined);
  // Git reads no links here, and nothing larger.
  if (!found?.isFile() || found.size > 100_000_000) return false;
  return /^[^#].*\sfilter=lfs(\s|$)/m.test(await readFile(file, 'utf8'));
}

/** Later calls, and people's scripts, turn contents into pointers when they stage them; nothing is fetched by the way. */
async function openLargeFiles({ bare }: Repository, binary: string): Promise<void> {
  const config = join(bare, 'config');
  if ((await readFile(config, 'utf8')).includes(section)) return;
  const command = (words: string) => `"'${binary.replaceAll("'", `'\\\\''`)}' ${words}"`;
  const lines = [
    section,
    `\tclean = ${command('clean -- %f')}`,
    `\tsmudge = ${command('smudge --skip -- %f')}`,
    `\tprocess = ${command('filter-process --skip')}`,
    '\trequired = true',
  ];
  await appendFile(config, `${lines.join('\n')}\n`);
}

/**
 * The server is always named to git-lfs: what a repository says about it could lead to the worker's own disk, or write
 * there. Undefined when it names one that may not be used.
 */
async function findServer({ remote, run }: Repository, path: string): Promise<string | undefined> {
  const file = join(path, '.lfsconfig');
  if ((await lstat(file).catch(() => undefined))?.isFile()) {
    const read = ['config', '--file', file, '--no-includes', '--default', '', '--get', 'lfs.url'];
    const url = (await run(read)).trim();
    if (url) return /^https?:\/\//.test(url) ? url : undefined;
  }
  if (remote.protocol === 'ssh') return remote.text;
  if (remote.protocol === 'file') return remote.text.startsWith('/') ? `file://${remote.text}` : remote.text;
  const bare = remote.text.replace(/\/$/, '');
  return `${bare.endsWith('.git') ? bare : `${bare}.git`}/info/lfs`;
}

/** Options that keep git-lfs from writing what a sparse checkout left out. */
async function chooseFiles(
  options: GitOptions,
  repository: Repository,
  call: LfsCall,
  isSparse: boolean,
): Promise<readonly (readonly string[])[]> {
  if (!isSparse) return [[]];
  const listed = await runLfs(options, repository, call, ['ls-files', '--name-only']);
  const there = listed.split('\n').filter((name) => name && existsSync(join(call.cwd, name)));
  const choices: string[] = [];
  for (const name of there) {
    const pattern = `/${name.replace(/[\\*?[\]!#,]/g, '\\$&')}`;
    const last = choices.at(-1);
    // As many at a time as arguments may hold anywhere.
    if (last !== undefined && last.length + pattern.length < 30_000)
      choices[choices.length - 1] = `${last},${pattern}`;
    else choices.push(pattern);
  }
  return choices.map((choice) => ['--include', choice]);
}

interface LfsCall {
  readonly binary: string;
  readonly url: string;
  readonly cwd: string;
  readonly input?: string;
}

async function runLfs(
  options: GitOptions,
  repository: Repository,
  { binary, url, cwd, input }: LfsCall,
  args: readonly string[],
): Promise<string> {
  const config = [`lfs.url=${url}`, `lfs.pushurl=${url}`, `lfs.${url}.locksverify=false`];
  const env = { PATH: [dirname(binary), gitEnvironment(options)['PATH']].join(delimiter) };
  return repository.runRemote(['lfs', ...args], { cwd, config, env, ...(input !== undefined && { input }) });
}
