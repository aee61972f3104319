import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { mkdir, rename, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { gitEnvironment, runGit } from '../../../test/support/git-repository.ts';

/** Measures of a repository: the same ones always give the same commits. */
export interface RepositoryShape {
  readonly name: string;
  readonly files: number;
  readonly commits: number;
  /** Bytes of each file that is not part of the application. */
  readonly bytes: number;
}

export const shapes = {
  small: { name: 'small', files: 20, commits: 5, bytes: 400 },
  medium: { name: 'medium', files: 5000, commits: 2000, bytes: 28_000 },
  large: { name: 'large', files: 50_000, commits: 100, bytes: 900 },
} as const satisfies Readonly<Record<string, RepositoryShape>>;

/**
 * A bare repository of the shape, with a kustomize application among its files. It is made once per machine, below the
 * temporary folder, and is not to be changed: work on a copy.
 */
export async function findRepository(shape: RepositoryShape): Promise<string> {
  const { name, files, commits, bytes } = shape;
  const path = join(tmpdir(), 'gantry-bench-repositories', `${name}-${files}-${commits}-${bytes}-v1.git`);
  if (existsSync(path)) return path;
  const made = `${path}.${process.pid}`;
  await mkdir(made, { recursive: true });
  try {
    await make(made, shape);
    await rename(made, path);
  } catch (error) {
    await rm(made, { recursive: true, force: true });
    if (!existsSync(path)) throw error;
  }
  return path;
}

async function make(path: string, shape: RepositoryShape): Promise<void> {
  runGit(path, ['init', '--quiet', '--bare', '--template=', '--initial-branch=main', '.']);
  await writeFile(join(path, 'config'), serverConfig, { flag: 'a' });
  const child = spawn('git', ['fast-import', '--quiet'], {
    cwd: path,
    env: gitEnvironment(),
    stdio: ['pipe', 'ignore', 'inherit'],
  });
  const ended = new Promise<number | null>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', resolve);
  });
  await pipeline(Readable.from(commitStream(shape)), child.stdin);
  if ((await ended) !== 0) throw new Error('git fast-import failed');
}

function* commitStream({ files, commits, bytes }: RepositoryShape): Generator<string> {
  const random = createRandom(files * 31 + commits);
  const names = Array.from({ length: files - application.length }, (_, index) => nameOf(index));
  const contents = names.map(() => textOf(random, bytes));
  yield header(0);
  for (const [name, text] of application) yield file(name, text);
  for (const [index, name] of names.entries()) yield file(name, contents[index]!);
  for (let commit = 1; commit < commits; commit++) {
    yield header(commit);
    const index = random() % names.length;
    contents[index] = `${textOf(random, 64)}${contents[index]!.slice(64)}`;
    yield file(names[index]!, contents[index]);
  }
}

/** Ten files to a folder, as charts and applications have them. */
function nameOf(index: number): string {
  return `apps/team-${Math.floor(index / 500)}/app-${Math.floor(index / 10)}/file-${index}.yaml`;
}

function header(commit: number): string {
  const message = `Commit ${commit}\n`;
  return `commit refs/heads/main\ncommitter Ada <ada@example.org> ${1_700_000_000 + commit * 60} +0000\n${data(message)}`;
}

function file(name: string, text: string): string {
  return `M 100644 inline ${name}\n${data(text)}`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** Lines that no compression makes small. */
function textOf(random: () => number, bytes: number): string {
  const numbers = new Uint32Array(Math.ceil(bytes / 5.4));
  for (let index = 0; index < numbers.length; index++) numbers[index] = random();
  const text = Buffer.from(numbers.buffer).toString('base64');
  return `${(text.match(/.{1,78}/g) ?? []).join('\n').slice(0, bytes - 1)}\n`;
}

/** Marsaglia's xorshift: the same numbers on every machine. */
function createRandom(seed: number): () => number {
  let state = seed | 1;
  return () => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return state >>> 0;
  };
}

const application: readonly (readonly [string, string])[] = [
  ['base/kustomization.yaml', '# The application\nresources:\n  - deployment.yaml\n'],
  [
    'base/deployment.yaml',
    'apiVersion: apps/v1\nkind: Deployment\nmetadata:\n  name: web\nspec:\n  template:\n    spec:\n' +
      '      containers:\n        - name: web\n          image: my/image:0.0.0\n',
  ],
  ['stages/test/kustomization.yaml', 'namespace: app-test\nresources:\n  - ../../base\n'],
];

const serverConfig = `[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = true
[gc]
\tauto = 0
[http]
\treceivepack = true
`;
