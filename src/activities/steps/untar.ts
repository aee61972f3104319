import { lstat, mkdir, readdir, realpath, rename, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { parseIgnoreRules } from '../../core/glob/ignore.ts';
import { integer, object, optional, string } from '../../core/schema/describe.ts';
import { unpackArchive, type Refused } from '../archive/unpack.ts';
import { defineStep } from '../define-step.ts';

export const untar = defineStep({
  kind: 'untar',
  summary: 'Unpacks a tar archive into a folder.',
  description: [
    'Whether the archive is compressed with gzip is told by its bytes, not by its name. What was in `outPath` goes, except',
    'the `.git` of a work tree; if anything is wrong with the archive, it stays. At most 50 MiB a file and 100 MiB in all.',
    '',
    'Only files, folders and symbolic links that stay inside come out. Entries with an absolute path or `..`, links that are',
    'absolute or lead upwards, hard links, pipes and devices are left in the archive, and the log says so. So is `.git`.',
  ].join('\n'),
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,

  config: object({
    inPath: string('The archive.', { minLength: 1 }),
    outPath: string('The folder; what is in it is replaced.', { minLength: 1 }),
    stripComponents: optional(
      integer('How many leading parts of each path go. What has no more parts is left in the archive.', {
        minimum: 0,
        default: 0,
      }),
    ),
    ignore: optional(
      string(
        'What to leave in the archive, in the syntax of `.gitignore`, one pattern a line, seen from `outPath`.',
        {
          minLength: 1,
        },
      ),
    ),
  }),

  examples: [
    {
      title: 'Unpack a chart without the folder that is named like it',
      config: { inPath: './chart.tgz', outPath: './out/chart', stripComponents: 1 },
    },
    {
      title: 'Leave tests out',
      config: { inPath: './release.tar.gz', outPath: './release', ignore: 'tests/\n*.md\n' },
    },
  ],

  async run({ inPath, outPath, stripComponents = 0, ignore = '' }, { workspace, log, signal }) {
    const archive = await workspace.resolve(inPath);
    const target = await workspace.resolve(outPath);
    await checkArchive(archive, inPath);
    await checkTarget(target, outPath, workspace.root);
    const lines = ignore.split('\n').map((line) => line.trim());
    const rules = { strip: stripComponents, ignores: parseIgnoreRules(lines.join('\n')) };
    const draft = join(await realpath(workspace.root), '.draft-untar');
    try {
      // Left by an attempt that was cut off.
      await rm(draft, { recursive: true, force: true });
      const refused = await unpackArchive(archive, draft, rules, signal).catch((error: unknown) => {
        if (signal.aborted) throw error;
        throw new Error(`inPath "${inPath}" cannot be unpacked: ${messageOf(error)}`, { cause: error });
      });
      await replaceFolder(target, draft);
      if (refused.length > 0) log.warn(explain(inPath, refused));
      return refused.length > 0 ? { message: explain(inPath, refused) } : {};
    } finally {
      // What was under way when it broke off may still be coming.
      await rm(draft, { recursive: true, force: true, maxRetries: 5 });
    }
  },
});

async function checkArchive(archive: string, inPath: string): Promise<void> {
  const found = await lstat(archive).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT' && error.code !== 'ENOTDIR') throw error;
    throw new Error(`inPath "${inPath}" does not exist`, { cause: error });
  });
  if (!found.isFile()) throw new Error(`inPath "${inPath}" is no file`);
}

async function checkTarget(target: string, outPath: string, root: string): Promise<void> {
  if (target === root) throw new Error('outPath is the workspace itself: name a folder in it');
  const found = await lstat(target).catch(() => undefined);
  if (found && !found.isDirectory()) throw new Error(`outPath "${outPath}" is a file: name a folder`);
}

/** The link to the repository stays, or the folder would be no work tree any more. */
async function replaceFolder(target: string, draft: string): Promise<void> {
  await mkdir(dirname(target), { recursive: true, mode: 0o750 });
  const old = await readdir(target).catch((): string[] => []);
  if (!old.includes('.git')) {
    await rm(target, { recursive: true, force: true });
    return rename(draft, target);
  }
  for (const name of old) if (name !== '.git') await rm(join(target, name), { recursive: true, force: true });
  for (const name of await readdir(draft)) await rename(join(draft, name), join(target, name));
}

function explain(inPath: string, refused: Refused): string {
  const shown = refused.slice(0, 5).map((text) => text.slice(0, 200));
  const rest = refused.length > shown.length ? `; and ${refused.length - shown.length} more` : '';
  return `left in ${inPath}: ${shown.join('; ')}${rest}`;
}
