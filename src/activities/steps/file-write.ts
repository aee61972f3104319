import { lstat, mkdir, readFile } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { TerminalError } from '../../core/errors.ts';
import { boolean, object, optional, string } from '../../core/schema/describe.ts';
import { defineStep, type Workspace } from '../define-step.ts';
import { placeFile } from '../place-file.ts';

export const fileWrite = defineStep({
  kind: 'file-write',
  summary: 'Writes a text into a file.',
  description: [
    'The file appears as a whole or not at all; folders above it are made, readable for the worker only. Paths through',
    'symbolic links, out of the workspace or into a `.git` folder are refused.',
  ].join('\n'),
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,

  config: object({
    path: string('The file, relative to the workspace.', { minLength: 1 }),
    contents: string('What it is to hold, to the byte: no line break is added.'),
    permissions: optional(
      string('Four octal digits, without execution and without writing for everybody.', {
        default: '0600',
        pattern: '^0[0-7]{3}$',
        'x-message': 'must be four octal digits in quotes, the first a 0, such as "0644"',
      }),
    ),
    overwrite: optional(boolean('Replace a file that exists.', { default: false })),
  }),

  examples: [
    {
      title: 'Note what was promoted',
      config: {
        path: './out/release.txt',
        contents: '${{ ctx.targetFreight.alias }} of ${{ timestamp() }}\n',
        overwrite: true,
      },
    },
    {
      title: 'Write values for a later step',
      config: {
        path: './values/image.json',
        contents: '${{ quote({"tag": imageFrom("ghcr.io/example/app").Tag}) }}',
        permissions: '0640',
      },
    },
  ],

  async run({ path, contents, permissions = '0600', overwrite = false }, { workspace, again }) {
    const mode = readMode(permissions);
    const file = await resolvePlainly(workspace, path);
    const found = await findKind(file);
    if (found === 'file' && again && (await holds(file, contents, mode))) return {};
    if (found && !overwrite)
      throw new TerminalError(`file "${path}" already exists; set overwrite to true to replace it`);
    if (found === 'other') throw new Error(`path "${path}" is no file`);
    await makeParents(file, path);
    await placeFile(workspace.root, file, contents, mode, true);
    return {};
  },
});

function readMode(permissions: string): number {
  const mode = Number.parseInt(permissions, 8);
  if (mode & 0o111)
    throw new TerminalError(`permissions "${permissions}" must not include execution: use digits 0, 2, 4, 6`);
  if (mode & 0o002)
    throw new TerminalError(
      `permissions "${permissions}" must not let everybody write: use 0, 4 as the last digit`,
    );
  return mode;
}

/** Absolute path of a path that says what it means. Throws a TerminalError for every other. */
async function resolvePlainly(workspace: Workspace, path: string): Promise<string> {
  const refuse = (why: string): never => {
    throw new TerminalError(`path "${path}" ${why}`);
  };
  const clean = posix.normalize(path).replace(/\/$/, '');
  if (path.includes('\0')) refuse('holds a NUL character');
  if (posix.isAbsolute(path)) refuse('must be relative to the workspace: leave out the "/" at its beginning');
  if (/^\.\.(\/|$)/.test(clean)) refuse('leads out of the workspace');
  if (/(^|\/)\.git(\/|$)/i.test(clean)) refuse('is inside a .git folder, where nothing may be written');
  const file = await workspace.resolve(clean);
  return file === join(workspace.root, clean)
    ? file
    : refuse('runs through a symbolic link: write to where it leads');
}

async function findKind(file: string): Promise<'file' | 'other' | undefined> {
  try {
    return (await lstat(file)).isFile() ? 'file' : 'other';
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw error;
  }
}

/** What an earlier attempt wrote that could not tell any more. */
async function holds(file: string, contents: string, mode: number): Promise<boolean> {
  return ((await lstat(file)).mode & 0o777) === mode && (await readFile(file)).equals(Buffer.from(contents));
}

async function makeParents(file: string, path: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOTDIR' && code !== 'EEXIST') throw error;
    throw new Error(`what is above "${path}" is a file, not a folder`, { cause: error });
  }
}
