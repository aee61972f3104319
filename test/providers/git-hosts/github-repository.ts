import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { createTestRepository, runGit } from '../../support/git-repository.ts';
import type { WireCommit, WirePerson } from './github-wire.ts';

/** A real bare repository, asked in the words of GitHub's API of Git objects. */
export interface BareRepository {
  readonly path: string;
  git(...args: readonly string[]): string;
  /** Undefined when there is no such reference. */
  shaOf(ref: string): string | undefined;
  readCommit(sha: string): WireCommit;
  /** Makes a commit of a tree; without people it is by those that the host names. */
  writeCommit(commit: Omit<WireCommit, 'sha' | 'author' | 'committer'> & Partial<WireCommit>): string;
  /** Puts a commit with these files on a branch, made from `main` when it is new. */
  commit(branch: string, files: Readonly<Record<string, string>>): string;
  /** The tree of a merge; undefined when there is a conflict. */
  mergeTrees(one: string, other: string): string | undefined;
  /** Commits of the second that the first has not, oldest first. */
  between(base: string, head: string): readonly string[];
}

export function createBareRepository(path: string): BareRepository {
  mkdirSync(path, { recursive: true });
  createTestRepository(path, {
    commits: [{ id: 'c1', branch: 'main', files: { 'README.md': 'hello\n' }, message: 'first' }],
  });
  let dates = 1_750_000_000;
  const run = (args: readonly string[], input?: string, env?: Record<string, string>) =>
    runGit(path, args, input, env);
  const shaOf = (ref: string) => {
    try {
      return run(['rev-parse', '--verify', '--quiet', `${ref}^{commit}`]);
    } catch {
      return undefined;
    }
  };
  const writeCommit: BareRepository['writeCommit'] = ({ tree, parents, message, author, committer }) => {
    const args = ['commit-tree', tree, ...parents.flatMap((parent) => ['-p', parent]), '-F', '-'];
    const own = {
      name: 'gantry[bot]',
      email: 'bot@users.noreply.github.com',
      date: `@${(dates += 60)} +0000`,
    };
    return run(args, message, {
      ...variables('AUTHOR', author ?? own),
      ...variables('COMMITTER', committer ?? author ?? own),
    });
  };
  return {
    path,
    git: (...args) => run(args),
    shaOf,
    writeCommit,
    readCommit(sha) {
      const format = '%T%x00%P%x00%an%x00%ae%x00%aI%x00%cn%x00%ce%x00%cI%x00%B';
      const [tree = '', parents = '', an = '', ae = '', ad = '', cn = '', ce = '', cd = '', message = ''] =
        run(['show', '-s', `--format=${format}`, sha]).split('\0');
      return {
        sha,
        tree,
        parents: parents.split(' ').filter(Boolean),
        author: { name: an, email: ae, date: ad },
        committer: { name: cn, email: ce, date: cd },
        message: message.replace(/\n$/, ''),
      };
    },
    commit(branch, files) {
      const parent = shaOf(`refs/heads/${branch}`) ?? shaOf('refs/heads/main')!;
      const index = { GIT_INDEX_FILE: join(path, 'index.tmp') };
      run(['read-tree', parent], undefined, index);
      for (const [name, text] of Object.entries(files)) {
        const blob = run(['hash-object', '-w', '--stdin'], text);
        run(['update-index', '--add', '--cacheinfo', `100644,${blob},${name}`], undefined, index);
      }
      const tree = run(['write-tree'], undefined, index);
      const sha = writeCommit({ tree, parents: [parent], message: `Change ${branch}` });
      run(['update-ref', `refs/heads/${branch}`, sha]);
      return sha;
    },
    mergeTrees(one, other) {
      try {
        return run(['merge-tree', '--write-tree', one, other]).split('\n')[0];
      } catch {
        return undefined;
      }
    },
    between: (base, head) =>
      run(['rev-list', '--reverse', '--topo-order', `${base}..${head}`])
        .split('\n')
        .filter(Boolean),
  };
}

function variables(who: string, { name, email, date }: WirePerson): Record<string, string> {
  return { [`GIT_${who}_NAME`]: name, [`GIT_${who}_EMAIL`]: email, [`GIT_${who}_DATE`]: date };
}
