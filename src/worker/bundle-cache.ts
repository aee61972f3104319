import type { WorkflowBundle } from '@temporalio/worker';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { codeFolder, hashSources } from './hash-sources.ts';

/**
 * A bundle that an earlier process kept in the user's cache, or a new one: making one takes seconds and most of a
 * worker's memory. The key covers everything it is made of, so a stale one is never found.
 */
export async function findOrMakeBundle(
  env: NodeJS.ProcessEnv,
  make: () => Promise<string>,
): Promise<WorkflowBundle> {
  const folder = bundleFolder(env);
  const file = join(folder, `${await keyOf()}.js`);
  const known = await readFile(file, 'utf8').catch(() => undefined);
  if (known !== undefined) return { code: known };
  const code = await make();
  // Nowhere to keep it is no reason not to work.
  await keep(folder, file, code).catch(() => undefined);
  return { code };
}

/** Where bundles are kept: `$XDG_CACHE_HOME/gantry/workflows`. */
export function bundleFolder(env: NodeJS.ProcessEnv): string {
  return join(env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'), 'gantry', 'workflows');
}

async function keep(folder: string, file: string, code: string): Promise<void> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const draft = `${file}.${randomUUID()}`;
  await writeFile(draft, code, { mode: 0o600 });
  await rename(draft, file);
  const kept = await Promise.all((await readdir(folder)).map((name) => ageOf(join(folder, name))));
  const old = kept.sort((a, b) => b.at - a.at).slice(mostKept);
  await Promise.all(old.map(({ path }) => rm(path, { force: true })));
}

async function ageOf(path: string): Promise<{ readonly path: string; readonly at: number }> {
  return { path, at: (await stat(path).catch(() => undefined))?.mtimeMs ?? 0 };
}

/** Stacks tell where the sources are, and another Node may read them differently. */
async function keyOf(): Promise<string> {
  const hash = createHash('sha256').update([process.version, codeFolder, await hashSources()].join('\n'));
  return hash.digest('hex').slice(0, 32);
}

const mostKept = 3;
