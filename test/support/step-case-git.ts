import { existsSync, lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { runGit, type TestRepository } from './git-repository.ts';

/** State of the repositories of a case, in the form of its `expect.git`. */
export interface GitState {
  readonly remotes: Readonly<Record<string, RemoteState>>;
  readonly worktrees: Readonly<Record<string, WorkTreeState>>;
  /** Tags of the clones that no remote has alike. */
  readonly localTags: Readonly<Record<string, unknown>>;
}

interface RemoteState {
  readonly refs: Readonly<Record<string, unknown>>;
  readonly log: Readonly<Record<string, readonly unknown[]>>;
}

interface WorkTreeState {
  readonly branch: string | null;
  readonly head: string;
  readonly log?: readonly unknown[];
  readonly status?: readonly string[];
}

/** Reads the state; logs only of heads that no scripted commit is. */
export function readGitState(root: string, remotes: ReadonlyMap<string, TestRepository>): GitState {
  const known = new Set([...remotes.values()].flatMap(({ commits }) => [...commits.values()]));
  const paths = findWorkTrees(root);
  const trees = paths.map((path) => [path, readWorkTree(join(root, path), known)]);
  return {
    remotes: Object.fromEntries([...remotes].map(([name, { path }]) => [name, readRemote(path, known)])),
    worktrees: Object.fromEntries(trees),
    localTags: readLocalTags(
      paths.map((path) => join(root, path)),
      [...remotes.values()].map(({ path }) => path),
    ),
  };
}

function readRemote(path: string, known: ReadonlySet<string>): RemoteState {
  const refs = listRefs(path, []);
  const heads = refs.filter(({ name, sha }) => name.startsWith('refs/heads/') && !known.has(sha));
  return {
    refs: Object.fromEntries(refs.map((ref) => [ref.name, describeRef(ref)])),
    log: Object.fromEntries(heads.map(({ name, sha }) => [name, readLog(path, sha, known)])),
  };
}

function readLocalTags(trees: readonly string[], remotes: readonly string[]): Record<string, unknown> {
  const tags = trees.flatMap((tree) => listRefs(tree, ['refs/tags']));
  if (tags.length === 0) return {};
  const there = new Set(remotes.flatMap((remote) => listRefs(remote, ['refs/tags'])).map(identify));
  const own = tags.filter((tag) => !there.has(identify(tag)));
  return Object.fromEntries(own.map((tag) => [tag.name, describeRef(tag)]));
}

interface ListedRef {
  readonly name: string;
  readonly sha: string;
  /** What an annotated tag stands for; empty for all else. */
  readonly commit: string;
  readonly message: string;
  readonly tagger: string;
}

function listRefs(path: string, patterns: readonly string[]): readonly ListedRef[] {
  const format =
    '%(refname)%00%(objectname)%00%(*objectname)%00%(contents:subject)%00%(taggername) %(taggeremail)';
  const lines = runGit(path, ['for-each-ref', `--format=${format}`, ...patterns]).split('\n');
  return lines.filter(Boolean).map((line) => {
    const [name, sha, commit, message, tagger] = line.split('\0');
    return { name: name!, sha: sha!, commit: commit!, message: message!, tagger: tagger! };
  });
}

function identify({ name, sha }: ListedRef): string {
  return `${name} ${sha}`;
}

function describeRef({ sha, commit, message, tagger }: ListedRef): unknown {
  return commit ? { commit, message, tagger } : sha;
}

function readWorkTree(path: string, known: ReadonlySet<string>): WorkTreeState {
  const [head, branch] = runGit(path, ['rev-parse', 'HEAD', '--abbrev-ref', 'HEAD']).split('\n');
  const status = runGit(path, ['status', '--porcelain', '--untracked-files=all']).split('\n').filter(Boolean);
  return {
    branch: branch === 'HEAD' ? null : branch!,
    head: head!,
    ...(!known.has(head!) && { log: readLog(path, head!, known) }),
    ...(status.length > 0 && { status }),
  };
}

function readLog(path: string, head: string, known: ReadonlySet<string>): readonly unknown[] {
  const format = '--format=%H%x00%an <%ae>%x00%cn <%ce>%x00%B%x00%P%x01';
  const entries = runGit(path, ['log', format, head])
    .split('\x01')
    .map((entry) => entry.trimStart());
  return entries.filter(Boolean).map((entry) => {
    const [sha, author, committer, message, parents] = entry.split('\0');
    if (known.has(sha!)) return sha!;
    const merged = parents!.split(' ');
    return {
      commit: sha,
      author,
      ...(committer !== author && { committer }),
      message: message!.trimEnd(),
      tree: readCommitTree(path, sha!),
      ...(merged.length > 1 && { parents: merged.map((parent) => parent) }),
    };
  });
}

function readCommitTree(path: string, sha: string): Readonly<Record<string, unknown>> {
  const lines = runGit(path, ['ls-tree', '-r', '-z', sha]).split('\0').filter(Boolean);
  const entries = lines.map((line) => /^(\d+) \w+ (\w+)\t([^]+)$/.exec(line)!);
  const blobs = readBlobs(
    path,
    entries.map(([, , blob]) => blob!),
  );
  return Object.fromEntries(
    entries.map(([, mode, , name], index) => [name, describeBlob(mode!, blobs[index]!)]),
  );
}

/** Contents of blobs, all by one command: each comes behind a line with its size. */
function readBlobs(path: string, ids: readonly string[]): readonly string[] {
  let rest = Buffer.from(runGit(path, ['cat-file', '--batch=%(objectsize)'], `${ids.join('\n')}\n`));
  return ids.map(() => {
    const start = rest.indexOf('\n') + 1;
    const end = start + Number(rest.subarray(0, start).toString());
    const text = rest.subarray(start, end).toString();
    rest = rest.subarray(end + 1);
    return text;
  });
}

function describeBlob(mode: string, text: string): unknown {
  if (mode === '120000') return { symlink: text };
  return mode === '100755' ? { mode: '0755', text } : text;
}

/** A case may hold a file `.git` that is just a file. */
function isLinked(marker: string): boolean {
  const [, folder] = /^gitdir: (\/.*)\n?$/.exec(readFileSync(marker, 'utf8')) ?? [];
  return folder !== undefined && existsSync(folder);
}

function findWorkTrees(root: string, folder = ''): readonly string[] {
  return readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    if (!entry.isDirectory() || entry.name === '.git' || entry.name === '.home') return [];
    const path = folder ? `${folder}/${entry.name}` : entry.name;
    const marker = join(root, path, '.git');
    const isTree = existsSync(marker) && lstatSync(marker).isFile() && isLinked(marker);
    return [...(isTree ? [path] : []), ...findWorkTrees(root, path)];
  });
}
