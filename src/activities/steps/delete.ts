import { lstat, readdir, realpath, rm } from 'node:fs/promises';
import { basename, dirname, join, posix, sep } from 'node:path';
import { messageOf, TerminalError } from '../../core/errors.ts';
import { parseGlob, type Glob } from '../../core/glob/glob.ts';
import { boolean, exactlyOne, list, object, optional, string } from '../../core/schema/describe.ts';
import { defineStep } from '../define-step.ts';

export const deleteFiles = defineStep({
  kind: 'delete',
  summary: 'Deletes files, folders and links.',
  description: [
    'Everything is found first: if a path leads out of the workspace, a pattern is malformed or (with `strict`) something is',
    'missing, nothing is deleted. A symbolic link is deleted itself, never what it points to.',
    '',
    'Patterns know `*`, `?`, `[a-z]`, `[!a]`, `{a,b}` and `**` for any number of folders; names that begin with a dot are',
    'like others. `..` in a pattern means nothing, and patterns do not look through links.',
  ].join('\n'),
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,

  config: object(
    {
      path: optional(string('What to delete.')),
      paths: optional(
        list('Several things to delete.', string('A path.', { minLength: 1 }), { minItems: 1 }),
      ),
      pathsAreGlobs: optional(boolean('Read the paths as patterns.', { default: false })),
      strict: optional(
        boolean('What is not there, or a pattern that fits nothing, is an error.', { default: false }),
      ),
    },
    exactlyOne('path', 'paths'),
  ),

  examples: [
    { title: 'Delete a folder', config: { path: './out/previews' } },
    {
      title: 'Delete what must not be pushed',
      config: { paths: ['out/**/*.tmp', 'out/{tests,docs}'], pathsAreGlobs: true },
    },
  ],

  async run({ path, paths = [path!], pathsAreGlobs = false, strict = false }, { workspace, signal }) {
    const root = await realpath(workspace.root);
    const found = pathsAreGlobs
      ? await findMatches(root, readGlobs(paths, path === undefined), strict)
      : await findPaths(root, paths, strict);
    for (const one of found) {
      signal.throwIfAborted();
      await rm(one, { recursive: true, force: true });
    }
    return {};
  },
});

async function findPaths(
  root: string,
  paths: readonly string[],
  strict: boolean,
): Promise<readonly string[]> {
  const found = new Set<string>();
  for (const path of paths) {
    const place = await findPlace(root, path);
    if (place !== undefined && (await exists(place))) found.add(place);
    else if (strict) throw new Error(`path "${path}" does not exist`);
  }
  return [...found];
}

/** Where a path is, links in the folders above it followed; undefined where those folders are not there. */
async function findPlace(root: string, path: string): Promise<string | undefined> {
  const inside = posix.normalize(path.replace(/^\/+/, '')).replace(/\/+$/, '');
  if (inside === '' || inside === '.' || inside === '..' || inside.startsWith('../')) throw outside(path);
  const folder = await realpath(join(root, dirname(inside))).catch((error: unknown) => {
    if (isAbsent(error)) return undefined;
    throw error;
  });
  if (folder === undefined) return undefined;
  const place = join(folder, basename(inside));
  if (!place.startsWith(root + sep)) throw outside(path);
  return place;
}

function outside(path: string): Error {
  return new Error(`path "${path}" leads out of the workspace, or is the workspace itself`);
}

async function findMatches(
  root: string,
  read: readonly ReadGlob[],
  strict: boolean,
): Promise<readonly string[]> {
  const globs = read.map((one) => ({ ...one, fits: false }));
  const found: string[] = [];
  const visit = async (folder: readonly string[]): Promise<void> => {
    const entries = await readdir(join(root, ...folder), { withFileTypes: true });
    for (const entry of entries) {
      const path = [...folder, entry.name];
      const fitting = globs.filter(({ glob }) => glob.fits(path, entry.isDirectory()));
      for (const one of fitting) one.fits = true;
      if (fitting.length > 0) found.push(join(root, ...path));
      // Inside a folder that goes, others may still be what a strict pattern is about.
      const goesOn = strict || fitting.length === 0;
      if (goesOn && entry.isDirectory() && globs.some(({ glob }) => glob.reaches(path))) await visit(path);
    }
  };
  await visit([]);
  const idle = strict ? globs.filter(({ fits }) => !fits) : [];
  if (idle.length > 0)
    throw new Error(`no path fits ${idle.map(({ pattern }) => JSON.stringify(pattern)).join(', ')}`);
  return found;
}

interface ReadGlob {
  readonly pattern: string;
  readonly glob: Glob;
}

/** Throws a TerminalError with every pattern that makes no sense, by its place in the config. */
function readGlobs(patterns: readonly string[], areSeveral: boolean): readonly ReadGlob[] {
  const problems: string[] = [];
  const globs = patterns.flatMap((pattern, index) => {
    try {
      return [{ pattern, glob: parseGlob(pattern) }];
    } catch (error) {
      problems.push(`${areSeveral ? `paths[${index}]` : 'path'}: ${messageOf(error)}`);
      return [];
    }
  });
  if (problems.length > 0) throw new TerminalError(problems.join('; '), { status: 'Errored' });
  return globs;
}

async function exists(path: string): Promise<boolean> {
  try {
    await lstat(path);
    return true;
  } catch (error) {
    if (isAbsent(error)) return false;
    throw error;
  }
}

function isAbsent(error: unknown): boolean {
  const { code } = error as NodeJS.ErrnoException;
  return code === 'ENOENT' || code === 'ENOTDIR';
}
