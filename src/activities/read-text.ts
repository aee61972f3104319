import { readFile, stat } from 'node:fs/promises';
import type { Workspace } from './define-step.ts';

/** A text of the workspace. */
export interface FoundText {
  /** Absolute path. */
  readonly file: string;
  /** With its byte order mark and line ends as they are. */
  readonly text: string;
}

/** Bytes of a file that is read as a whole to be edited or evaluated. */
export const maximumText = 16 * 1024 * 1024;

/**
 * The text of a user's path. Rejects with an Error that names the path when there is no such file, or it is a folder, too
 * large or no UTF-8.
 */
export async function readText(workspace: Workspace, path: string): Promise<FoundText> {
  const found = await findText(workspace, path);
  if (!found) throw new Error(`path "${path}" does not exist`);
  return found;
}

/** The same; undefined when nothing is there. */
export async function findText(workspace: Workspace, path: string): Promise<FoundText | undefined> {
  const file = await workspace.resolve(path);
  const text = await findTextAt(file, path);
  return text === undefined ? undefined : { file, text };
}

/** The text of a file by its absolute path; `path` is what messages call it. */
export async function findTextAt(file: string, path: string): Promise<string | undefined> {
  const bytes = await findBytes(file, path, maximumText);
  if (!bytes) return undefined;
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch (error) {
    throw new Error(`path "${path}" is no UTF-8 text`, { cause: error });
  }
}

/** The bytes of a file, undefined when nothing is there. Rejects when it is a folder or has more than `maximum` bytes. */
export async function findBytes(file: string, path: string, maximum: number): Promise<Buffer | undefined> {
  const found = await stat(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT' || error.code === 'ENOTDIR') return undefined;
    throw error;
  });
  if (!found) return undefined;
  if (!found.isFile()) throw new Error(`path "${path}" is no file`);
  if (found.size > maximum)
    throw new Error(`path "${path}" has ${found.size} bytes: at most ${maximum} can be read`);
  return readFile(file);
}
