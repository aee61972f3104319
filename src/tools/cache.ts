import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { ToolDeclaration } from './declaration.ts';
import { waitForLock } from './lock.ts';
import { currentPlatform } from './platform.ts';
import type { ProcessId } from '../process-id.ts';

/** Where the tools are kept when nothing else is said: the folder in GANTRY_TOOLS, else `$XDG_CACHE_HOME/gantry/tools`. */
export function defaultToolCache(env: NodeJS.ProcessEnv): string {
  const said = env['GANTRY_TOOLS'];
  if (said && isFolder(said)) return resolve(said);
  const base = env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache');
  return join(base, 'gantry', 'tools');
}

/** Tells a folder in GANTRY_TOOLS from a mode: it has a slash in it. */
export function isFolder(said: string): boolean {
  return said.includes('/');
}

/** The folder of the wrapper module that pins every dependency of a tool. */
export function wrapperFolder({ name, build }: Pick<ToolDeclaration, 'name' | 'build'>): string {
  return fileURLToPath(new URL(`../../tools/${build?.wrapper ?? name}`, import.meta.url));
}

/** What a cached tool is filed under: name, pin, system, and everything that goes into a build. */
export function cacheKey(declaration: ToolDeclaration): string {
  const { name, pin, build } = declaration;
  const { os, arch } = currentPlatform();
  const hash = createHash('sha256').update(JSON.stringify(build ?? null));
  for (const file of build ? ['go.mod', 'go.sum'] : []) hash.update(readFileSync(join(wrapperFolder(declaration), file)));
  return `${name}-${pin}-${os}-${arch}-${hash.digest('hex').slice(0, 8)}`;
}

/** The binary in the cache. Its version is not asked: the key says it, and only checked binaries get in. */
export function findCached(cache: string, declaration: ToolDeclaration): string | undefined {
  const path = join(cache, cacheKey(declaration), declaration.name);
  return existsSync(path) ? path : undefined;
}

export interface Making {
  readonly signal: AbortSignal;
  readonly onWait: (holder: ProcessId) => void;
  /** Leaves the binary, named as the tool, in the folder it is given. */
  readonly make: (folder: string) => Promise<void>;
}

/**
 * Puts a tool into the cache, once among all processes, and returns its path. The folder appears complete or not at
 * all: it is made aside under a lock and renamed.
 */
export async function putIntoCache(
  cache: string,
  declaration: ToolDeclaration,
  { signal, onWait, make }: Making,
): Promise<string> {
  const key = cacheKey(declaration);
  await mkdir(cache, { recursive: true });
  const lock = await waitForLock(join(cache, `.${key}.lock`), signal, onWait);
  try {
    const cached = findCached(cache, declaration);
    if (cached !== undefined) return cached;
    await removeLeftovers(cache, key);
    const draft = await mkdtemp(join(cache, `.${key}.draft-`));
    try {
      await make(draft);
      await chmod(join(draft, declaration.name), 0o755);
      await chmod(draft, 0o755);
      await rename(draft, join(cache, key));
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
    return join(cache, key, declaration.name);
  } finally {
    await lock.release();
  }
}

/** What came is not what was published. Nothing else is tried: somebody has to look. */
export class WrongSum extends Error {
  override readonly name = 'WrongSum';
}

/** Remembers a publisher's sum for good; rejects with WrongSum when an earlier one was another. */
export async function rememberSum(cache: string, archive: string, sum: string): Promise<void> {
  const folder = join(cache, 'sums');
  await mkdir(folder, { recursive: true });
  const file = join(folder, `${archive}.sha256`);
  try {
    await writeFile(file, sum, { flag: 'wx' });
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    const before = readFileSync(file, 'utf8');
    if (before === sum) return;
    throw new WrongSum(
      `the publisher's sum of ${archive} was ${before} and is now ${sum}: a release does not change. ` +
        `If you know why it did, delete ${file}`,
    );
  }
}

/** Whatever lies about under this key was left by somebody killed, as the lock is ours. */
async function removeLeftovers(cache: string, key: string): Promise<void> {
  const left = (await readdir(cache)).filter((name) => name.startsWith(`.${key}.draft-`));
  await Promise.all(left.map((name) => rm(join(cache, name), { recursive: true, force: true })));
}
