import type { OpenTree } from './open-tree.ts';

/** New IDs of commits by their old ones. */
export type Rewritten = Readonly<Record<string, string>>;

/** What became of the commits of an earlier head that the present one no longer holds. */
export async function findRewritten(tree: OpenTree, before: string, now: string): Promise<Rewritten> {
  if (before === now) return {};
  const gone = await listCommits(tree, now, before);
  return gone.length === 0 ? {} : pairCommits(gone, await listCommits(tree, before, now));
}

/** IDs of the first commits to those of the second that are like them. */
export function pairCommits(before: readonly ListedCommit[], after: readonly ListedCommit[]): Rewritten {
  const found = before.map(({ sha, likeness }) => [
    sha,
    after.find((commit) => commit.likeness === likeness)?.sha,
  ]);
  return Object.fromEntries(found.filter(([old, sha]) => sha !== undefined && sha !== old));
}

export interface ListedCommit {
  readonly sha: string;
  /** The same change is on the other side too. */
  readonly onBothSides: boolean;
  /** Author, date and message: what stays when a commit is made anew. */
  readonly likeness: string;
}

/** Commits of one side only, oldest first. */
export async function listCommits(
  tree: OpenTree,
  without: string,
  side: string,
): Promise<readonly ListedCommit[]> {
  const format = '--format=%m%x00%H%x00%an%x00%ae%x00%at%x00%B%x01';
  const options = ['--topo-order', '--reverse', '--no-merges', '--right-only', '--cherry-mark', format];
  const text = await tree.run(['log', ...options, `${without}...${side}`]);
  return text
    .split('\x01')
    .map((entry) => entry.trimStart())
    .filter(Boolean)
    .map(readCommit);
}

function readCommit(entry: string): ListedCommit {
  const [mark, sha, ...likeness] = entry.split('\0');
  return { sha: sha!, onBothSides: mark === '=', likeness: likeness.join('\0').trimEnd() };
}
