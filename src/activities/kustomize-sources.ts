import { lstat, realpath } from 'node:fs/promises';
import { isAbsolute, join, relative, sep } from 'node:path';
import type { FileReference } from '../core/edit/kustomization-files.ts';
import { messageOf } from '../core/errors.ts';
import { checkLinks } from './check-links.ts';
import { findTextAt } from './read-text.ts';
import { workAside } from './work-aside.ts';

/** What a build will need. */
export interface KustomizeSources {
  /** A kustomization has Helm charts. */
  readonly usesHelm: boolean;
}

/**
 * Follows a kustomization through all that it names on disk, and rejects with an Error when anything, directly or through
 * a symlink, lies outside `root`: kustomize itself would read it; or is a pipe, for which it would wait. What does not exist
 * is left to kustomize to report.
 */
export async function checkKustomizeSources(
  root: string,
  folder: string,
  signal: AbortSignal,
): Promise<KustomizeSources> {
  const walk: Walk = { root: await realpath(root), seen: new Set(), usesHelm: false, signal };
  const real = await findReal(walk, folder, 'path');
  if (real !== undefined) await visitFolder(walk, real);
  return { usesHelm: walk.usesHelm };
}

interface Walk {
  readonly signal: AbortSignal;
  /** Without symlinks. */
  readonly root: string;
  readonly seen: Set<string>;
  usesHelm: boolean;
}

const fileNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

/** `owner`: the folder of the kustomization that uses this one as a source of configs, whose paths start there. */
async function visitFolder(walk: Walk, folder: string, owner?: string): Promise<void> {
  if (!isNew(walk, folder, owner)) return;
  for (const name of fileNames) {
    const file = await findReal(walk, join(folder, name), relative(walk.root, join(folder, name)));
    if (file === undefined) continue;
    for (const reference of await readReferences(walk, file, 'findKustomizationFiles')) {
      const role = owner !== undefined && reference.role === 'base' ? 'config' : reference.role;
      await follow(walk, folder, { ...reference, role }, owner ?? folder);
    }
  }
}

async function visitConfig(walk: Walk, file: string, owner: string): Promise<void> {
  if (!isNew(walk, file, owner)) return;
  for (const reference of await readReferences(walk, file, 'findConfigFiles'))
    await follow(walk, owner, reference, owner);
}

function isNew({ seen }: Walk, path: string, owner = ''): boolean {
  const key = `${owner}\0${path}`;
  if (seen.has(key)) return false;
  seen.add(key);
  return true;
}

type Find = 'findConfigFiles' | 'findKustomizationFiles';

/** References of a file, `field` beginning with the file. None where there is no file. */
async function readReferences(walk: Walk, file: string, find: Find): Promise<readonly FileReference[]> {
  if (!(await lstat(file)).isFile()) return [];
  const name = relative(walk.root, file);
  const text = (await findTextAt(file, name)) ?? '';
  try {
    return (await workAside(find, [text], walk.signal)).map((reference) => ({
      ...reference,
      field: `${name}: ${reference.field}`,
    }));
  } catch (error) {
    throw new Error(`${name}: ${messageOf(error)}`, { cause: error });
  }
}

async function follow(
  walk: Walk,
  folder: string,
  { field, path, role }: FileReference,
  owner: string,
): Promise<void> {
  if (role === 'chart') walk.usesHelm = true;
  const what = `${field} "${path}"`;
  const real = await findReal(walk, isAbsolute(path) ? path : join(folder, path), what);
  // kustomize would fetch it, and what it names could be any file.
  if (real === undefined && role === 'config' && /:|^github\.com/.test(path))
    throw new Error(`${what} must be in the workspace`);
  if (real === undefined || role === 'file') return;
  const isFolder = (await lstat(real)).isDirectory();
  if (role === 'config') await (isFolder ? visitFolder(walk, real, owner) : visitConfig(walk, real, owner));
  else if (isFolder) await (role === 'chart' ? checkLinks(walk.root, real, what) : visitFolder(walk, real));
}

/** The real path of something inside the root, undefined when there is nothing. */
async function findReal({ root }: Walk, path: string, what: string): Promise<string | undefined> {
  let real: string;
  try {
    real = await realpath(path);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
  if (real !== root && !real.startsWith(root + sep)) throw new Error(`${what} leads out of the workspace`);
  const found = await lstat(real);
  if (!found.isFile() && !found.isDirectory()) throw new Error(`${what} is neither file nor folder`);
  return real;
}
