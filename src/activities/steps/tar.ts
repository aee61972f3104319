import { lstat, mkdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { parseIgnoreRules, type Ignores } from '../../core/glob/ignore.ts';
import { messageOf } from '../../core/errors.ts';
import { boolean, object, optional, string } from '../../core/schema/describe.ts';
import { listEntries, listFile } from '../archive/list-entries.ts';
import { packArchive } from '../archive/pack.ts';
import { defineStep } from '../define-step.ts';

export const tar = defineStep({
  kind: 'tar',
  summary: 'Packs a file or the content of a folder into a tar archive.',
  description: [
    'Names in the archive begin at `inPath`: its own name is not part of them. Symbolic links are stored as links, pipes and',
    'devices left out. The same files give the same archive, byte for byte: owners and times are not stored. At most 50 MiB',
    'a file and 100 MiB in all.',
    '',
    'Without `ignore`, `.git` is left out. An `ignore` of your own takes the place of that: list `.git` in it, too.',
  ].join('\n'),
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,

  config: object({
    inPath: string('File or folder to pack.', { minLength: 1 }),
    outPath: string('The archive; one that exists is replaced.', { minLength: 1 }),
    gzip: optional(boolean('Compress it. The name alone does not.', { default: false })),
    ignore: optional(
      string('What to leave out, in the syntax of `.gitignore`, one pattern a line, seen from `inPath`.', {
        minLength: 1,
      }),
    ),
  }),

  examples: [
    {
      title: 'Pack what was rendered',
      config: { inPath: './out', outPath: './manifests.tar.gz', gzip: true },
    },
    {
      title: 'Without tests and documents',
      config: { inPath: './src/charts/app', outPath: './app.tar', ignore: '.git\ntests/\n*.md\n' },
    },
  ],

  async run({ inPath, outPath, gzip = false, ignore = '' }, { workspace, log, signal }) {
    const source = await workspace.resolve(inPath);
    const target = await workspace.resolve(outPath);
    const isFolder = await checkSource(source, inPath);
    await checkTarget(target, outPath, workspace.root);
    if (target === source) throw new Error(`inPath and outPath are the same: ${inPath}`);
    const selection = { ignores: readIgnore(ignore), without: target };
    const entries = await (isFolder ? listEntries : listFile)(source, selection).catch((error: unknown) => {
      throw new Error(`inPath "${inPath}": ${messageOf(error)}`, { cause: error });
    });
    if (entries.includes('.git')) log.warn(`${outPath}: .git is packed, too: ignore does not list it`);
    const draft = join(workspace.root, `.draft-${basename(target).slice(0, 200)}`);
    try {
      await rm(draft, { recursive: true, force: true });
      await packArchive({ folder: isFolder ? source : dirname(source), entries, gzip }, draft, signal);
      await mkdir(dirname(target), { recursive: true, mode: 0o750 });
      await rename(draft, target);
    } finally {
      await rm(draft, { force: true });
    }
    return {};
  },
});

async function checkSource(source: string, inPath: string): Promise<boolean> {
  const found = await stat(source).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw new Error(`inPath "${inPath}" does not exist`, { cause: error });
  });
  if (!found.isDirectory() && !found.isFile())
    throw new Error(`inPath "${inPath}" is neither file nor folder`);
  return found.isDirectory();
}

async function checkTarget(target: string, outPath: string, root: string): Promise<void> {
  const found = await lstat(target).catch(() => undefined);
  if (target === root || found?.isDirectory())
    throw new Error(`outPath "${outPath}" is a folder: name the file that is to be made`);
}

function readIgnore(ignore: string): Ignores {
  const lines = ignore.split('\n').map((line) => line.trim());
  return parseIgnoreRules(lines.some(Boolean) ? lines.join('\n') : '.git');
}
