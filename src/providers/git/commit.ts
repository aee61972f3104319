import { findCheckedOut } from './check-out.ts';
import { stageAll } from './foreign-repositories.ts';
import type { GitAuthor, GitIdentity } from './git.ts';
import { readHead } from './read-ref.ts';
import { signature } from './repository.ts';
import { type GitCall, GitError } from './run-git.ts';
import type { OpenTree } from './open-tree.ts';
import { findSigningKeys, importSigningKey, signingConfig } from './signing.ts';

export interface CommitRequest {
  readonly message: string;
  /** Wins over the author of the clone; what is left out stays. */
  readonly author?: GitAuthor;
  /** Author and committer date, counted in whole seconds. */
  readonly date: Date;
}

export interface Commit {
  /** ID of HEAD, whether it is new or not. */
  readonly sha: string;
  /** False when there was nothing to commit. True also for the commit that an earlier attempt made. */
  readonly changed: boolean;
  /** ID of its tree. */
  readonly tree: string;
  /** ID of the tree of its parent, if it has one. */
  readonly base?: string;
}

/** Commits what changed below the tree's path. The same work at the same date gives the same commit. */
export async function commitChanges(
  tree: OpenTree,
  { message, author = {}, date }: CommitRequest,
): Promise<Commit> {
  const { signingKey, ...own } = author;
  const identity = { ...tree.repository.record.identity, ...own };
  const config = await configToSign(tree, signingKey);
  await stageAll(tree);
  const made = await commitStaged(tree, message, { env: signature(identity, date), config });
  const sha = made && (await readHead(tree.gitFolder, tree.repository.bare));
  if (sha) return { sha, changed: true, ...(await findTrees(tree)) };
  const head = await describeHead(tree);
  const isNew = head.sha !== (await findCheckedOut(tree.gitFolder));
  const changed = made || (isNew && isOwn(head, { message, identity, date }));
  return { sha: head.sha, changed, ...(await findTrees(tree)) };
}

async function findTrees(tree: OpenTree): Promise<Pick<Commit, 'tree' | 'base'>> {
  const [head, base] = (await tree.run(['log', '-2', '--first-parent', '--format=%T'])).trim().split('\n');
  return { tree: head!, ...(base && { base }) };
}

/** The message as git keeps it: no blanks at the ends of lines, no blank lines at both ends or in a row. */
export function cleanMessage(message: string): string {
  const lines = message.split('\n').map((line) => line.trimEnd());
  return lines
    .join('\n')
    .replace(/\n{3,}/g, '\n\n')
    .replace(/^\n+|\n+$/g, '');
}

async function configToSign(
  { options, repository: { folder } }: OpenTree,
  signingKey: string | undefined,
): Promise<readonly string[]> {
  const key = signingKey
    ? await importSigningKey(options, folder, 'commit', signingKey)
    : (await findSigningKeys(folder)).clone;
  return signingConfig(folder, key);
}

async function commitStaged(tree: OpenTree, message: string, call: GitCall): Promise<boolean> {
  try {
    await tree.run(['commit', '--cleanup=whitespace', '--file=-'], { ...call, input: message });
    return true;
  } catch (error) {
    if (error instanceof GitError && nothingToCommit.test(error.message)) return false;
    if (error instanceof GitError && /empty commit message/.test(error.message)) {
      throw new Error('message holds nothing but blanks; write what the commit does', { cause: error });
    }
    throw error;
  }
}

const nothingToCommit = /nothing to commit|nothing added to commit|no changes added to commit/;

interface Head {
  readonly sha: string;
  readonly identity: GitIdentity;
  readonly seconds: number;
  readonly message: string;
}

async function describeHead(tree: OpenTree): Promise<Head> {
  const format = '--format=%H%x00%an%x00%ae%x00%at%x00%B';
  const [sha, name, email, at, message] = (await tree.run(['log', '-1', format])).split('\0');
  return {
    sha: sha!,
    identity: { name: name!, email: email! },
    seconds: Number(at),
    message: cleanMessage(message!),
  };
}

function isOwn(head: Head, own: { message: string; identity: GitIdentity; date: Date }): boolean {
  return (
    head.seconds === Math.floor(own.date.getTime() / 1000) &&
    head.identity.name === own.identity.name &&
    head.identity.email === own.identity.email &&
    head.message === cleanMessage(own.message)
  );
}
