import type { CommitPerson } from '../git-hosts/git-host.ts';
import type { OpenTree } from './open-tree.ts';
import { findKeyForRewrites, signingConfig } from './signing.ts';

/** A commit as a host is asked to make it anew. */
export interface ReplayedCommit {
  readonly sha: string;
  readonly tree: string;
  readonly parents: readonly string[];
  /** Without the line end at its end. */
  readonly message: string;
  readonly author: CommitPerson;
  readonly committer: CommitPerson;
  /** Who signed it, where that was with a key of this promotion. */
  readonly signer?: string;
}

/** Commits that the second holds and the first does not, parents first. */
export async function listReplayable(
  tree: OpenTree,
  without: string,
  head: string,
): Promise<readonly ReplayedCommit[]> {
  const { folder } = tree.repository;
  const config = signingConfig(folder, await findKeyForRewrites(folder));
  // Without a key nothing is trusted, and no program is asked.
  const verdict = config.length === 0 ? '%x00' : '%G?%x00%GS';
  const format = `--format=%H%x00%T%x00%P%x00${verdict}%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B%x01`;
  const text = await tree.run(['log', '--topo-order', '--reverse', format, `${without}..${head}`], {
    config,
  });
  return text
    .split('\x01')
    .map((entry) => entry.replace(/^\n/, ''))
    .filter(Boolean)
    .map(readCommit);
}

function readCommit(entry: string): ReplayedCommit {
  const [sha, tree, parents, verdict, signer, an, ae, ad, cn, ce, cd, ...message] = entry.split('\0');
  return {
    sha: sha!,
    tree: tree!,
    parents: parents!.split(' ').filter(Boolean),
    message: message.join('\0').replace(/\n+$/, ''),
    author: { name: an!, email: ae!, date: ad! },
    committer: { name: cn!, email: ce!, date: cd! },
    ...(verdict === 'G' && { signer: signer! }),
  };
}
