import { TerminalError } from '../../core/errors.ts';
import { findTags, type ListedTag } from './list-tags.ts';
import type { OpenTree } from './open-tree.ts';
import type { Rewritten } from './rewritten.ts';
import { findKeyForRewrites, signingConfig } from './signing.ts';

/**
 * Carries tags over to the commits that a push made anew: same name, message, tagger and date. Only tags that the
 * remote does not have: what is out stays what it is. Returns their names. Doing it again changes nothing.
 */
export async function retagRewritten(tree: OpenTree, rewritten: Rewritten): Promise<readonly string[]> {
  if (Object.keys(rewritten).length === 0) return [];
  const tags = (await findTags(tree)).filter(({ commit }) => commit in rewritten);
  if (tags.length === 0) return [];
  const pushed = await listRemoteTags(tree, tags);
  const ours = tags.filter(({ name }) => !pushed.includes(name));
  for (const tag of ours) await retag(tree, tag, rewritten[tag.commit]!);
  return ours.map(({ name }) => name);
}

async function listRemoteTags(tree: OpenTree, tags: readonly ListedTag[]): Promise<readonly string[]> {
  const names = tags.map(({ name }) => `refs/tags/${name}`);
  const text = await tree.runRemote(['ls-remote', '--refs', 'origin', ...names]);
  return [...text.matchAll(/\trefs\/tags\/(.+)$/gm)].map(([, name]) => name!);
}

async function retag(tree: OpenTree, { name, annotated }: ListedTag, sha: string): Promise<void> {
  if (!annotated) {
    await tree.run(['update-ref', `refs/tags/${name}`, sha]);
    return;
  }
  const { tagger, message, signed } = readTagObject(await tree.run(['cat-file', 'tag', `refs/tags/${name}`]));
  const { folder } = tree.repository;
  const key = await findKeyForRewrites(folder);
  if (signed && key === undefined) {
    throw new TerminalError(
      `the push made the commit of tag ${name} anew, and the tag cannot be signed again without its key; make the tag after git-push, or give git-clone the key as author.signingKey`,
    );
  }
  const config = signed ? signingConfig(folder, key) : ['tag.gpgSign=false'];
  const args = ['tag', '--annotate', '--force', '--cleanup=verbatim', '--file=-', '--', name, sha];
  await tree.run(args, { env: tagger, config, input: message });
}

interface TagObject {
  /** Tagger and date as git takes them. */
  readonly tagger: Readonly<Record<string, string>>;
  readonly message: string;
  readonly signed: boolean;
}

function readTagObject(text: string): TagObject {
  const end = text.indexOf('\n\n');
  const [, name, email, date, zone] =
    /^tagger (.*) <(.*)> (\d+) ([+-]\d{4})$/m.exec(text.slice(0, end)) ?? [];
  const body = text.slice(end + 2);
  const signature = body.search(/^-----BEGIN (PGP|SSH) (SIGNATURE|MESSAGE)-----$/m);
  return {
    tagger: {
      GIT_COMMITTER_NAME: name ?? '',
      GIT_COMMITTER_EMAIL: email ?? '',
      GIT_COMMITTER_DATE: `@${date ?? 0} ${zone ?? '+0000'}`,
    },
    message: signature < 0 ? body : body.slice(0, signature),
    signed: signature >= 0,
  };
}
