import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';

/** Content of one file of a scripted commit; null deletes it. */
export type ScriptedFile =
  string | null | { readonly text: string; readonly mode?: string } | { readonly symlink: string };

/** A commit as tests write it. Parent = `from` (an id; `none` = a root), else the head of `branch`, else none. */
export interface ScriptedCommit {
  readonly id: string;
  readonly branch: string;
  readonly files: Readonly<Record<string, ScriptedFile>>;
  readonly message: string;
  readonly from?: string;
  /** `Name <email>`. */
  readonly author?: string;
  readonly tag?: string;
  readonly annotatedTag?: string;
}

export interface TestRepositoryOptions {
  /** Default branch; default main. */
  readonly head?: string;
  /** Text of the `update` hook. */
  readonly hook?: string;
  readonly commits?: readonly ScriptedCommit[];
}

/** A bare repository with scripted commits: identities and dates are fixed, so IDs are the same on every run. */
export interface TestRepository {
  readonly path: string;
  /** `file://` address. */
  readonly url: string;
  /** IDs of the scripted commits by their ids. */
  readonly commits: ReadonlyMap<string, string>;
  add(commits: readonly ScriptedCommit[]): void;
  /** Output of a git command in the repository, without the last line end. */
  git(...args: readonly string[]): string;
  /** Another repository like it at a path: much faster than making it. */
  copy(path: string): TestRepository;
}

/** Makes a bare repository at a path. It accepts partial clones, and requests for any commit. */
export function createTestRepository(path: string, options: TestRepositoryOptions = {}): TestRepository {
  mkdirSync(join(path, 'hooks'), { recursive: true });
  runGit(path, [
    'init',
    '--quiet',
    '--bare',
    '--template=',
    `--initial-branch=${options.head ?? 'main'}`,
    '.',
  ]);
  writeFileSync(join(path, 'config'), serverConfig, { flag: 'a' });
  if (options.hook) writeHook(path, options.hook);
  const repository = describeRepository(path, new Map(), new Map());
  if (options.commits) repository.add(options.commits);
  return repository;
}

/** Handles on what lies at a path: IDs of its commits, and of the head of each branch. */
function describeRepository(
  path: string,
  commits: Map<string, string>,
  heads: Map<string, string>,
): TestRepository {
  return {
    path,
    url: `file://${path}`,
    commits,
    add: (more) => importCommits(path, more, commits, heads),
    git: (...args) => runGit(path, args),
    copy(to) {
      cpSync(path, to, { recursive: true });
      return describeRepository(to, new Map(commits), new Map(heads));
    },
  };
}

/** Runs git in a folder with an environment of its own; output without the last line end. */
export function runGit(
  cwd: string,
  args: readonly string[],
  input?: string,
  env: Readonly<Record<string, string>> = {},
): string {
  const text = execFileSync('git', [...args], {
    cwd,
    env: { ...gitEnvironment(), ...env },
    encoding: 'utf8',
    stdio: [input === undefined ? 'ignore' : 'pipe', 'pipe', 'pipe'],
    ...(input !== undefined && { input }),
    maxBuffer: 64 * 1024 * 1024,
  });
  return text.replace(/\n$/, '');
}

/** No setting of the machine or of its user gets in. */
export function gitEnvironment(): Record<string, string> {
  return {
    PATH: process.env['PATH'] ?? '',
    HOME: '/nonexistent',
    LC_ALL: 'C',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_AUTHOR_NAME: 'Ada Author',
    GIT_AUTHOR_EMAIL: 'ada@example.org',
    GIT_COMMITTER_NAME: 'Ada Author',
    GIT_COMMITTER_EMAIL: 'ada@example.org',
    GIT_AUTHOR_DATE: `@${firstDate} +0000`,
    GIT_COMMITTER_DATE: `@${firstDate} +0000`,
  };
}

const firstDate = 1_700_000_000;

const serverConfig = `[core]
	fsync = none
[uploadpack]
\tallowFilter = true
\tallowAnySHA1InWant = true
[gc]
\tauto = 0
[http]
\treceivepack = true
`;

function writeHook(path: string, text: string): void {
  const hook = join(path, 'hooks', 'update');
  mkdirSync(dirname(hook), { recursive: true });
  writeFileSync(hook, text);
  chmodSync(hook, 0o755);
}

function importCommits(
  path: string,
  more: readonly ScriptedCommit[],
  commits: Map<string, string>,
  heads: Map<string, string>,
): void {
  const first = commits.size;
  const marks = new Map(more.map(({ id }, index) => [id, `:${index + 1}`]));
  const stream = more.map((commit, index) => {
    const parent = commit.from === 'none' ? undefined : (commit.from ?? heads.get(commit.branch));
    heads.set(commit.branch, commit.id);
    const from = parent === undefined ? undefined : (commits.get(parent) ?? marks.get(parent));
    return commitStream(commit, index + 1, firstDate + 60 * (first + index + 1), from);
  });
  const file = join(path, 'marks');
  runGit(path, ['fast-import', '--quiet', '--force', `--export-marks=${file}`], stream.join(''));
  for (const line of readFileSync(file, 'utf8').split('\n').filter(Boolean)) {
    const [mark, sha] = line.split(' ');
    const index = Number(mark!.slice(1)) - 1;
    if (index < more.length) commits.set(more[index]!.id, sha!);
  }
}

function commitStream(commit: ScriptedCommit, mark: number, date: number, from: string | undefined): string {
  const author = `${commit.author ?? 'Ada Author <ada@example.org>'} ${date} +0000`;
  const ref = `refs/heads/${commit.branch}`;
  return [
    `reset ${ref}\n${from ? `from ${from}\n` : ''}\n`,
    `commit ${ref}\nmark :${mark}\nauthor ${author}\ncommitter ${author}\n${data(`${commit.message}\n`)}`,
    from ? `from ${from}\n` : '',
    ...Object.entries(commit.files).map(([name, file]) => fileStream(name, file)),
    '\n',
    commit.tag ? `reset refs/tags/${commit.tag}\nfrom :${mark}\n\n` : '',
    commit.annotatedTag
      ? `tag ${commit.annotatedTag}\nfrom :${mark}\ntagger ${author}\n${data(`tag ${commit.annotatedTag}\n`)}`
      : '',
  ].join('');
}

function fileStream(name: string, file: ScriptedFile): string {
  if (file === null) return `D ${name}\n`;
  if (typeof file === 'string') return `M 100644 inline ${name}\n${data(file)}`;
  if ('symlink' in file) return `M 120000 inline ${name}\n${data(file.symlink)}`;
  return `M ${file.mode === '0755' ? '100755' : '100644'} inline ${name}\n${data(file.text)}`;
}

function data(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}
