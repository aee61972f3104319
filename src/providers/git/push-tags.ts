import { findCheckedOut } from './check-out.ts';
import { explainPush } from './explain-push.ts';
import { pushLargeFiles } from './large-files.ts';
import { tagName } from './list-tags.ts';
import { findBranch, type OpenTree } from './open-tree.ts';
import type { Pushed } from './push.ts';
import { readSha } from './read-sha.ts';
import { displayURL } from './remote-url.ts';
import { GitError } from './run-git.ts';

/**
 * Pushes tags that exist here, all of them or none. One that the remote has already is a success when it is the same.
 * The branch is the one checked out, for information.
 */
export async function pushTags(tree: OpenTree, tags: readonly string[]): Promise<Pushed> {
  const names = tags.map(tagName);
  const refs = names.map((name) => `refs/tags/${name}:refs/tags/${name}`);
  const options = ['--porcelain', ...(names.length > 1 ? ['--atomic'] : [])];
  await pushLargeFiles(tree, await findCheckedOut(tree.gitFolder));
  try {
    await tree.runRemote(['push', ...options, 'origin', ...refs]);
  } catch (error) {
    throw error instanceof GitError ? explain(tree, names, error) : error;
  }
  const branch = await findBranch(tree);
  return { ...(branch && { branch }), sha: await readSha(tree), rewritten: {} };
}

function explain(tree: OpenTree, names: readonly string[], error: GitError): Error {
  const url = displayURL(tree.repository.remote.text);
  const missing = /src refspec refs\/tags\/(\S+) does not match any/.exec(error.message)?.[1];
  if (missing) {
    return new Error(`tag ${missing} does not exist here; make it before, for instance with git-tag`, {
      cause: error,
    });
  }
  const taken = /:refs\/tags\/(\S+)\t\[rejected\] \(already exists\)/.exec(error.message)?.[1];
  if (taken) {
    return new Error(
      `tag ${taken} exists in ${url} already, on another commit or with another message; choose another name, or delete it there`,
      { cause: error },
    );
  }
  const what = names.length === 1 ? `tag ${names[0]}` : `tags ${names.join(', ')}`;
  return explainPush(`${what} of ${url}`, error);
}
