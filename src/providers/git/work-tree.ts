import type { HostedCommits } from '../git-hosts/git-host.ts';
import { commitChanges, type Commit, type CommitRequest } from './commit.ts';
import { removeForeign, stageAll } from './foreign-repositories.ts';
import type { GitOptions } from './git.ts';
import { openTree } from './open-tree.ts';
import { type Pushed, pushCommits, type PushRequest } from './push.ts';
import { pushTags } from './push-tags.ts';
import { replayCommits, type ReplayRequest } from './replay.ts';
import type { RemoteURL } from './remote-url.ts';
import { createTags, type TagRequest } from './tag.ts';

/** A work tree that `Git.clone` made, entered at the path it was opened with. */
export interface WorkTree {
  readonly remote: RemoteURL;
  /** Removes every file that is tracked or would be, below the path. Ignored files stay. */
  clear(): Promise<void>;
  /** Stages everything below the path and commits it. */
  commit(request: CommitRequest): Promise<Commit>;
  push(request: PushRequest): Promise<Pushed>;
  /** Has the host make the commits instead of pushing them. */
  replay(host: HostedCommits, request: ReplayRequest): Promise<Pushed>;
  /** Makes annotated tags on HEAD; returns its ID. */
  tag(request: TagRequest): Promise<string>;
  pushTags(tags: readonly string[]): Promise<Pushed>;
}

/** Opens the work tree a path lies in; `name` is what messages call it. */
export async function openWorkTree(options: GitOptions, path: string, name: string): Promise<WorkTree> {
  const tree = await openTree(options, path, name);
  return {
    remote: tree.repository.remote,
    async clear() {
      await stageAll(tree);
      await removeForeign(tree);
      await tree.run(['rm', '-r', '--force', '--quiet', '--ignore-unmatch', '.']);
    },
    commit: (request) => commitChanges(tree, request),
    push: (request) => pushCommits(tree, request),
    replay: (host, request) => replayCommits(tree, host, request),
    tag: (request) => createTags(tree, request),
    pushTags: (tags) => pushTags(tree, tags),
  };
}
