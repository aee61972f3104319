import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { readDefinitions, type DefinitionFile } from '../core/definitions/read-definitions.ts';
import type { Definitions } from '../core/definitions/manifest.ts';
import { messageOf } from '../core/errors.ts';
import type { StepCatalogue } from '../core/promotion/catalogue.ts';
import { InvalidInput } from './errors.ts';

/** Definitions of the user's own, and the files they come from. */
export interface ReadDefinitions {
  readonly files: readonly DefinitionFile[];
  readonly definitions: Definitions;
}

/**
 * Reads files and folders (every `.yaml`, `.yml` and `.json` in them); files are named as the user would. InvalidInput
 * when there is nothing to read.
 */
export async function readDefinitionPaths(paths: readonly string[], cwd: string): Promise<ReadDefinitions> {
  const files: DefinitionFile[] = [];
  for (const path of paths) {
    const found = await readPath(path, cwd);
    if (found.length === 0) throw new InvalidInput(`${path}: there is no YAML or JSON file in it`);
    files.push(...found);
  }
  return { files, definitions: readDefinitions(files) };
}

/**
 * The steps this version knows, and those of the user's own modules. Loads their declarations only now. InvalidInput
 * when an own one cannot be used.
 */
export async function loadCatalogue(modules: readonly string[] = []): Promise<StepCatalogue> {
  const { extendCatalogue } = await import('../step-catalogue.ts');
  return extendCatalogue(modules);
}

async function readPath(path: string, cwd: string): Promise<readonly DefinitionFile[]> {
  try {
    const place = resolve(cwd, path);
    if (!(await stat(place)).isDirectory()) return [{ name: path, text: await readFile(place, 'utf8') }];
    // The same reader as a worker's, so that both see the same files.
    const { openFolder } = await import('../providers/definitions/folder.ts');
    return (await openFolder(path, cwd).read(new AbortController().signal)).files;
  } catch (error) {
    throw new InvalidInput(explainUnreadable(path, error), { cause: error });
  }
}

function explainUnreadable(path: string, error: unknown): string {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' ? `${path}: there is no such file or folder` : messageOf(error);
}
