import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Access, withAccess } from './access.ts';
import { explainRemoteError } from './explain-remote.ts';
import type { GitIdentity, GitOptions } from './git.ts';
import { findMirror, type Mirror } from './mirror/mirror.ts';
import { parseRemoteURL, type RemoteURL } from './remote-url.ts';
import { readBranch } from './read-ref.ts';
import { type GitCall, GitError, runGit } from './run-git.ts';

/** What a clone is remembered by; lies beside the bare repository and holds no secret. */
export interface CloneRecord {
  readonly repoURL: string;
  readonly insecureSkipTLSVerify: boolean;
  /** Objects may be missing here: any command may have to fetch them. */
  readonly blobless: boolean;
  readonly identity: GitIdentity;
}

/** Standard output of git with these arguments. */
export type RunGit = (args: readonly string[], call?: GitCall) => Promise<string>;

/** A bare repository of this promotion, and how to work with it. */
export interface Repository {
  readonly record: CloneRecord;
  readonly remote: RemoteURL;
  /** Absolute path of all that belongs to the clone but its work trees. */
  readonly folder: string;
  /** Absolute path of the bare repository. */
  readonly bare: string;
  /** What other promotions know of the remote, and get to know of this one. */
  readonly mirror?: Mirror;
  /** Runs git on what is here. */
  readonly run: RunGit;
  /** Runs git towards the remote; its refusals are explained. */
  readonly runRemote: RunGit;
}

/** Where the clone of a step lies. */
export function repositoryFolder(home: string, name: string): string {
  const readable = name.replace(/[^\w.-]+/g, '_').slice(0, 40);
  const digest = createHash('sha256').update(name).digest('hex').slice(0, 8);
  return join(home, 'repositories', `${readable}-${digest}`);
}

/** Opens the repository in a folder by its record. */
export async function openRepository(options: GitOptions, folder: string): Promise<Repository> {
  const record = JSON.parse(await readFile(join(folder, 'clone.json'), 'utf8')) as CloneRecord;
  return createRepository(options, folder, record);
}

export function createRepository(options: GitOptions, folder: string, record: CloneRecord): Repository {
  const remote = parseRemoteURL(record.repoURL, options.protocols);
  const bare = join(folder, 'bare');
  const runRemote: RunGit = (args, call = {}) =>
    withAccess(options, remote, record.insecureSkipTLSVerify, async (access) => {
      try {
        return await runGit(options, args, withRights({ cwd: bare, ...call }, access));
      } catch (error) {
        throw isAboutRemote(error) ? explainRemoteError(error, remote, access.found, options.project) : error;
      }
    });
  const run: RunGit = (args, call = {}) =>
    record.blobless ? runRemote(args, call) : runGit(options, args, { cwd: bare, ...call });
  const mirror = options.mirrors && findMirror(options.mirrors, remote.text);
  return { record, remote, folder, bare, run, runRemote, ...(mirror && { mirror }) };
}

/** Author, committer and their date: what makes the same work give the same commit. */
export function signature({ name, email }: GitIdentity, date: Date): Readonly<Record<string, string>> {
  const seconds = `@${Math.floor(date.getTime() / 1000)} +0000`;
  return {
    GIT_AUTHOR_NAME: name,
    GIT_AUTHOR_EMAIL: email,
    GIT_AUTHOR_DATE: seconds,
    GIT_COMMITTER_NAME: name,
    GIT_COMMITTER_EMAIL: email,
    GIT_COMMITTER_DATE: seconds,
  };
}

/** The commit a name stands for, undefined when there is none. */
export async function findCommit(
  repository: Repository,
  name: string,
  cwd?: string,
): Promise<string | undefined> {
  const read = await readBranch(repository.bare, name);
  if (read) return read;
  try {
    const args = ['rev-parse', '--verify', '--end-of-options', `${name}^{commit}`];
    return (await repository.run(args, cwd === undefined ? {} : { cwd })).trim();
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

function withRights(call: GitCall, { env, config, secrets }: Access): GitCall {
  return { ...call, env: { ...call.env, ...env }, config: [...(call.config ?? []), ...config], secrets };
}

/** Refusals of a push and answers about single refs are told apart by whoever asked. */
function isAboutRemote(error: unknown): boolean {
  if (!(error instanceof GitError)) return false;
  return /Could not read from remote|unable to access|Authentication failed|could not read (User|Pass)|repository .* not found|not appear to be/i.test(
    error.message,
  );
}
