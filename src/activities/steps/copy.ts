import { chmod, copyFile, lstat, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { basename, dirname, join, sep } from 'node:path';
import { parseIgnoreRules, type Ignores } from '../../core/glob/ignore.ts';
import { object, optional, string } from '../../core/schema/describe.ts';
import { defineStep, type Workspace } from '../define-step.ts';

export const copy = defineStep({
  kind: 'copy',
  summary: 'Copies a file or the content of a folder.',
  description: [
    'A file goes to the path `outPath`, not into a folder of that name. The content of a folder is merged into `outPath`:',
    'files that are there are replaced, others stay. Permissions are kept. Symbolic links inside a folder, and all that is',
    'neither file nor folder, are left out; a link as `inPath` is followed inside the workspace.',
    '',
    '`.git` is always left out, unless `ignore` says `!.git`.',
  ].join('\n'),
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,

  config: object({
    inPath: string('File or folder to copy.', { minLength: 1 }),
    outPath: string('Where the copy goes.', { minLength: 1 }),
    ignore: optional(
      string('What to leave out, in the syntax of `.gitignore`, one pattern a line, seen from `inPath`.', {
        minLength: 1,
      }),
    ),
  }),

  examples: [
    {
      title: 'Take the manifests of a stage over into the work tree that is pushed',
      config: { inPath: './src/stages/${{ ctx.stage }}', outPath: './out' },
    },
    {
      title: 'Leave out documents and tests',
      config: { inPath: './src/charts/app', outPath: './out/chart', ignore: '*.md\ntests/\n' },
    },
  ],

  async run({ inPath, outPath, ignore = '' }, { workspace, signal }) {
    const source = await workspace.resolve(inPath);
    const target = await workspace.resolve(outPath);
    const kind = await kindOf(source);
    if (kind === undefined) throw new Error(`inPath "${inPath}" does not exist`);
    if (kind === 'other') throw new Error(`inPath "${inPath}" is neither file nor folder`);
    if (target === source) throw new Error(`inPath and outPath are the same: ${inPath}`);
    const ignores = parseIgnoreRules(`.git\n${ignore}`);
    if (kind === 'file') {
      if (ignores([basename(source)], false)) return { message: `${inPath} is ignored: nothing to copy` };
      await putFile(workspace.root, source, target, outPath);
      return {};
    }
    if (target.startsWith(source + sep))
      throw new Error(
        `outPath "${outPath}" lies in inPath "${inPath}": a folder cannot be copied into itself`,
      );
    // All of it first: what is copied may land beside what is still to be read.
    const entries = await listEntries(source, ignores);
    await makeFolder(source, target, outPath);
    for (const entry of entries) {
      signal.throwIfAborted();
      await putEntry(entry, { workspace, source, outPath });
    }
    return {};
  },
});

interface Entry {
  /** From the folder that is copied. */
  readonly path: string;
  readonly isFolder: boolean;
}

interface Copy {
  readonly workspace: Workspace;
  readonly source: string;
  readonly outPath: string;
}

/** Files and folders in the order in which they can be made. */
async function listEntries(
  source: string,
  ignores: Ignores,
  folder: readonly string[] = [],
): Promise<readonly Entry[]> {
  const entries: Entry[] = [];
  for (const found of await readdir(join(source, ...folder), { withFileTypes: true })) {
    const path = [...folder, found.name];
    const isFolder = found.isDirectory();
    if ((!isFolder && !found.isFile()) || ignores(path, isFolder)) continue;
    // A folder of which no file would come along is made only for what comes back by name.
    const isNeeded = !isFolder || !ignores([...path, '\0'], false) || !ignores([...path, '\0'], true);
    if (isNeeded) entries.push({ path: join(...path), isFolder });
    if (isFolder) entries.push(...(await listEntries(source, ignores, path)));
  }
  return entries;
}

/** Links in `outPath` are followed inside the workspace, wherever they are. */
async function putEntry({ path, isFolder }: Entry, { workspace, source, outPath }: Copy): Promise<void> {
  const shown = join(outPath, path);
  if (isFolder) return makeFolder(join(source, path), await workspace.resolve(shown), shown);
  const folder = await workspace.resolve(dirname(shown));
  return putFile(workspace.root, join(source, path), join(folder, basename(path)), shown);
}

async function makeFolder(source: string, target: string, shown: string): Promise<void> {
  const kind = await kindOf(target);
  if (kind === 'folder') return;
  if (kind !== undefined) throw new Error(`outPath "${shown}" is a file, a folder is to be copied there`);
  const { mode } = await lstat(source);
  await mkdir(target, { recursive: true });
  await chmod(target, (mode & 0o777) | 0o700);
}

/** Whole or not at all; what is there is replaced, a link too. */
async function putFile(root: string, source: string, target: string, shown: string): Promise<void> {
  if ((await kindOf(target)) === 'folder')
    throw new Error(`outPath "${shown}" is a folder: name the file that is to be made`);
  await mkdir(dirname(target), { recursive: true });
  const draft = join(root, `.draft-${basename(target).slice(0, 200)}`);
  try {
    await rm(draft, { recursive: true, force: true });
    await copyFile(source, draft);
    await chmod(draft, (await lstat(source)).mode & 0o777);
    await rename(draft, target);
  } finally {
    await rm(draft, { force: true });
  }
}

async function kindOf(path: string): Promise<'file' | 'folder' | 'other' | undefined> {
  try {
    const found = await lstat(path);
    if (found.isDirectory()) return 'folder';
    return found.isFile() ? 'file' : 'other';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT') return undefined;
    if (code === 'ENOTDIR') return undefined;
    throw error;
  }
}
