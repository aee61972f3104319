import type { WorkflowBundle } from '@temporalio/worker';
import { createHash, randomUUID } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/**
 * A bundle that an earlier process kept in the user's cache, or a new one: making one takes seconds and most of a
 * worker's memory. The key covers everything it is made of, so a stale one is never found.
 */
export async function findOrMakeBundle(
  env: NodeJS.ProcessEnv,
  make: () => Promise<string>,
): Promise<WorkflowBundle> {
  const folder = bundleFolder(env);
  const file = join(folder, `${await hashSources()}.js`);
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

/** Our sources by content, where they are (stacks tell it), packages by version. */
async function hashSources(): Promise<string> {
  const hash = createHash('sha256').update(process.version);
  for (const name of packages) hash.update(await versionOf(name));
  for (const folder of folders) {
    const entries = await readdir(folder, { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile());
    const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
    for (const path of paths) hash.update(path).update(await readFile(path));
  }
  return hash.digest('hex').slice(0, 32);
}

async function versionOf(name: string): Promise<string> {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    const text = await readFile(join(folder, name, 'package.json'), 'utf8').catch(() => undefined);
    if (text !== undefined) return `${name}@${(JSON.parse(text) as { version: string }).version}`;
  }
  throw new Error(`package ${name} is not installed: run npm ci`);
}

/** What is bundled, and how. */
const folders = ['../core', '../workflows', '.'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
const packages = ['@temporalio/workflow', '@temporalio/common', '@temporalio/worker', 're2js'];

const mostKept = 3;
