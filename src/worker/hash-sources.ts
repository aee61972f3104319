import { createHash } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Where our own code lies: `src`, or `dist` once it is built. Absolute, ends with a slash. */
export const codeFolder = fileURLToPath(new URL('..', import.meta.url));

/**
 * One hash of everything the workflow bundle is made of: our code by content, packages by version. The same in every
 * folder and on every machine; 64 hex digits.
 */
export async function hashSources(): Promise<string> {
  const hash = createHash('sha256');
  for (const name of packages) hash.update(`${name}@${await versionOf(name)}\n`);
  for (const folder of folders) {
    const entries = await readdir(join(codeFolder, folder), { recursive: true, withFileTypes: true });
    const files = entries.filter((entry) => entry.isFile() && isCode.test(entry.name));
    const paths = files.map(({ parentPath, name }) => join(parentPath, name)).sort();
    const texts = await Promise.all(paths.map((path) => readFile(path)));
    for (const [at, path] of paths.entries())
      hash.update(`${relative(codeFolder, path)}\n`).update(texts[at]!);
  }
  return hash.digest('hex');
}

/** The version of an installed package. */
export async function versionOf(name: string): Promise<string> {
  for (const folder of createRequire(import.meta.url).resolve.paths(name) ?? []) {
    const text = await readFile(join(folder, name, 'package.json'), 'utf8').catch(() => undefined);
    if (text !== undefined) return (JSON.parse(text) as { version: string }).version;
  }
  throw new Error(`package ${name} is not installed: run npm ci`);
}

/** What is bundled, and how. */
const folders = ['core', 'workflows', 'worker'];
const packages = ['@temporalio/workflow', '@temporalio/common', '@temporalio/worker', 're2js'];

const isCode = /(?<!\.d)\.[jt]s$/;
