import { cleanMessage } from './commit.ts';
import { describeCommit, findTags, type ListedTag, tagName } from './list-tags.ts';
import type { OpenTree } from './open-tree.ts';
import { readSha } from './read-sha.ts';
import { signature } from './repository.ts';
import { findSigningKeys, signingConfig } from './signing.ts';

export interface TagRequest {
  /** Names of the tags to make. */
  readonly names: readonly string[];
  /** The message of all of them; default of each its own name. */
  readonly message?: string;
  /** Moves tags that exist here. */
  readonly force: boolean;
  /** When they were made, counted in whole seconds. */
  readonly date: Date;
}

/**
 * Makes annotated tags on HEAD, signed when the clone has a key; returns the ID of HEAD. A tag that is there already
 * with the same commit and message counts as made. Any other is refused before the first tag is made, unless forced.
 */
export async function createTags(tree: OpenTree, request: TagRequest): Promise<string> {
  const names = [...new Set(request.names.map(tagName))];
  const sha = await readSha(tree);
  const existing = new Map((await findTags(tree, names)).map((tag) => [tag.name, tag]));
  const missing: string[] = [];
  for (const name of names) {
    const tag = existing.get(name);
    if (tag && (await isSame(tree, tag, sha, request))) continue;
    if (tag && !request.force) throw await explainHolder(tree, tag, sha);
    missing.push(name);
  }
  for (const name of missing) await createTag(tree, name, sha, request);
  return sha;
}

async function createTag(tree: OpenTree, name: string, sha: string, request: TagRequest): Promise<void> {
  const { record, folder } = tree.repository;
  const { clone: key } = await findSigningKeys(folder);
  const options = ['--annotate', '--file=-', ...(request.force ? ['--force'] : [])];
  await tree.run(['tag', ...options, '--', name, sha], {
    env: signature(record.identity, request.date),
    config: signingConfig(folder, key),
    input: request.message ?? name,
  });
}

/** True also for a tag of ours that a push carried over to the commit made anew, before the files here were lost. */
async function isSame(tree: OpenTree, tag: ListedTag, sha: string, request: TagRequest): Promise<boolean> {
  if (!tag.annotated || tag.message !== cleanTagMessage(request.message ?? tag.name)) return false;
  if (tag.commit === sha) return true;
  const { name, email } = tree.repository.record.identity;
  const isOurs = tag.tagger === `${name} <${email}>` && tag.seconds === toSeconds(request.date);
  return isOurs && (await describeCommit(tree, tag.commit)) === (await describeCommit(tree, sha));
}

/** As `git tag` keeps it: like the message of a commit, and without the lines that begin with `#`. */
function cleanTagMessage(message: string): string {
  const kept = message.split('\n').filter((line) => !line.startsWith('#'));
  return cleanMessage(kept.join('\n'));
}

async function explainHolder(tree: OpenTree, tag: ListedTag, sha: string): Promise<Error> {
  const [subject = ''] = (await describeCommit(tree, tag.commit))?.split('\n') ?? [];
  const commit = `commit ${tag.commit.slice(0, 12)}${subject && ` (${subject})`}`;
  const who = tag.annotated ? `, made by ${tag.tagger} with the message ${JSON.stringify(tag.message)}` : '';
  const where = tag.commit === sha ? 'on the same commit' : `on ${commit}`;
  return new Error(
    `tag ${tag.name} exists already ${where}${tag.annotated ? '' : ', without a message'}${who}; choose another name, or set force: true to replace it here`,
  );
}

function toSeconds(date: Date): number {
  return Math.floor(date.getTime() / 1000);
}
