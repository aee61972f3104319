import { messageOf } from '../../core/errors.ts';
import { displayURL } from './remote-url.ts';
import type { Repository } from './repository.ts';

export interface BaseRequest {
  /** Branch whose history begins by itself. */
  readonly branch: string;
  /** Its head as it was seen: if it has moved on since, nothing is overwritten. */
  readonly head: string;
  /** Commit that its first commits are put upon. */
  readonly onto: string;
}

/**
 * Makes the commits of a branch anew on top of another history: same files, messages, authors and dates. Rejects with
 * an explanation when they share history already, when they are too many to be the work of a promotion, or when the
 * remote does not let the branch be overwritten.
 */
export async function baseBranch(repository: Repository, request: BaseRequest): Promise<string> {
  const { run, runRemote, remote } = repository;
  const { branch, head, onto } = request;
  const refs = [branch, 'onto'].map((name) => `refs/based/${name}`);
  const refspecs = [head, onto].map((id, index) => `+${id}:${refs[index]}`);
  await runRemote([
    'fetch',
    '--no-tags',
    `--depth=${everything}`,
    '--filter=blob:none',
    'origin',
    ...refspecs,
  ]);
  const commits = (await run(['rev-list', '--reverse', '--topo-order', head])).trim().split('\n');
  if (commits.includes(onto)) return head;
  const where = `branch ${branch} of ${displayURL(remote.text)}`;
  if (commits.length > mostCommits) {
    throw new Error(`${where} has a history of its own of ${commits.length} commits; ${remedy}`);
  }
  const based = await recreate(repository, commits, onto);
  const lease = `--force-with-lease=refs/heads/${branch}:${head}`;
  try {
    await runRemote(['push', '--porcelain', lease, 'origin', `${based}:refs/heads/${branch}`]);
  } catch (error) {
    throw new Error(
      `${where} cannot be put on top of the new target branch: ${messageOf(error)}; ${remedy}`,
      {
        cause: error,
      },
    );
  }
  return based;
}

/** Git's number for it: what was fetched before had no history. */
const everything = 2_147_483_647;

const remedy = 'begin it from the target branch';

/** More are no work of one promotion. */
const mostCommits = 100;

/** The head of the new commits. Only parents change; a signature would no longer be right, and goes. */
async function recreate({ run }: Repository, commits: readonly string[], onto: string): Promise<string> {
  const made = new Map<string, string>();
  let head = onto;
  for (const id of commits) {
    const raw = await run(['cat-file', 'commit', id]);
    const input = withParents(raw, (parent) => made.get(parent), onto);
    head = (await run(['hash-object', '-t', 'commit', '-w', '--stdin'], { input })).trim();
    made.set(id, head);
  }
  return head;
}

function withParents(raw: string, find: (parent: string) => string | undefined, onto: string): string {
  const end = raw.indexOf('\n\n');
  const lines = raw.slice(0, end).split('\n');
  const parents = lines.flatMap((line) => (line.startsWith('parent ') ? [find(line.slice(7)) ?? onto] : []));
  const rest = lines.filter((line, index) => !line.startsWith('parent ') && !isSignature(lines, index));
  const [tree, ...others] = rest;
  const news = (parents.length > 0 ? parents : [onto]).map((parent) => `parent ${parent}`);
  return `${[tree, ...news, ...others].join('\n')}${raw.slice(end)}`;
}

/** A header goes on in lines that begin with a blank. */
function isSignature(lines: readonly string[], index: number): boolean {
  const line = lines[index]!;
  if (!line.startsWith(' ')) return line.startsWith('gpgsig');
  return index > 0 && isSignature(lines, index - 1);
}
