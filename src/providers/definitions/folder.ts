import { open, readdir, realpath, type FileHandle } from 'node:fs/promises';
import { join, resolve, sep } from 'node:path';
import type { DefinitionFile } from '../../core/definitions/read-definitions.ts';
import { hashFiles, type DefinitionFiles, type DefinitionSource } from './definition-files.ts';
import { checkLimits, isDefinitionFile, isHidden, limits } from './limits.ts';

/** A folder and everything below it. Links are followed to files inside the folder only. */
export function openFolder(path: string, cwd: string): DefinitionSource {
  return {
    name: path,
    read: (signal) => readFolder(path, resolve(cwd, path), signal),
    close: () => Promise.resolve(),
  };
}

async function readFolder(name: string, path: string, signal: AbortSignal): Promise<DefinitionFiles> {
  const root = await realpath(path).catch((error: unknown) => {
    throw explain(name, error);
  });
  const found = await listFiles(name, root, signal);
  const files: DefinitionFile[] = [];
  let total = 0;
  for (const file of found) {
    signal.throwIfAborted();
    const text = await readText(root, file);
    if (text === undefined) continue;
    total += text.length;
    checkLimits(name, files.length, total);
    files.push({ name: join(name, file), text });
  }
  return { files, revision: hashFiles(files.map((file, index) => ({ ...file, name: found[index]! }))) };
}

/** Paths below the root with `/` between their parts, sorted. */
async function listFiles(name: string, root: string, signal: AbortSignal): Promise<readonly string[]> {
  const files: string[] = [];
  const folders = [''];
  for (let folder = folders.pop(); folder !== undefined; folder = folders.pop()) {
    signal.throwIfAborted();
    const entries = await readdir(join(root, folder), { withFileTypes: true }).catch((error: unknown) => {
      throw explain(name, error);
    });
    for (const entry of entries) {
      const path = folder ? `${folder}/${entry.name}` : entry.name;
      if (entry.isDirectory() && !isHidden(entry.name)) folders.push(path);
      if ((entry.isFile() || entry.isSymbolicLink()) && isDefinitionFile(path)) files.push(path);
    }
    checkLimits(name, files.length + folders.length, 0);
  }
  return files.sort((one, other) => (one < other ? -1 : 1));
}

/** The text of a file, undefined when the path leads out of the folder or to something else. */
async function readText(root: string, path: string): Promise<string | undefined> {
  const real = await realpath(join(root, path)).catch(() => undefined);
  if (!real?.startsWith(root.endsWith(sep) ? root : root + sep)) return undefined;
  const file = await open(real, 'r');
  try {
    return (await file.stat()).isFile() ? await readStart(file) : undefined;
  } finally {
    await file.close();
  }
}

async function readStart(file: FileHandle): Promise<string> {
  const buffer = Buffer.alloc(Math.min((await file.stat()).size, limits.file));
  let length = 0;
  for (let more = 1; more > 0 && length < buffer.length; length += more)
    more = (await file.read(buffer, length, buffer.length - length)).bytesRead;
  return buffer.toString('utf8', 0, length);
}

function explain(name: string, error: unknown): Error {
  const { code, message } = error as NodeJS.ErrnoException;
  const reasons: Readonly<Record<string, string>> = {
    ENOENT: 'there is no such folder',
    ENOTDIR: 'it is no folder: name the folder that holds the definitions',
    EACCES: 'it may not be read',
  };
  return new Error(`definitions ${name}: ${reasons[code ?? ''] ?? message}`, { cause: error });
}
