import { cleanMessage } from './commit.ts';
import type { OpenTree } from './open-tree.ts';
import { checkRefName } from './ref-name.ts';
import { GitError } from './run-git.ts';

/** A tag as the clone has it. */
export interface ListedTag {
  readonly name: string;
  /** ID of the commit it stands for in the end. */
  readonly commit: string;
  /** An object of its own, with tagger and message. */
  readonly annotated: boolean;
  /** `Name <email>`; empty when it is not annotated. */
  readonly tagger: string;
  readonly seconds: number;
  /** Without signature and outer blank lines; empty when it is not annotated. */
  readonly message: string;
}

/** The name of a tag as users write it, with or without `refs/tags/`, checked. */
export function tagName(text: string): string {
  return checkRefName('tag', text.trim().replace(/^refs\/tags\//, ''));
}

/** Those of the tags that exist in the clone; all of its tags when no names are given. */
export async function findTags(tree: OpenTree, names?: readonly string[]): Promise<readonly ListedTag[]> {
  const patterns = names?.map((name) => `refs/tags/${name}`) ?? ['refs/tags'];
  const text = await tree.run(['for-each-ref', `--format=${format}`, ...patterns]);
  const tags = text.split('\x01\n').filter(Boolean).map(readTag);
  // A pattern also stands for what lies below it.
  return names ? tags.filter(({ name }) => names.includes(name)) : tags;
}

/** What stays of a commit when it is made anew: subject and all of its message, author and date. */
export async function describeCommit(tree: OpenTree, sha: string): Promise<string | undefined> {
  try {
    return (await tree.run(['log', '-1', '--format=%B%x00%an%x00%ae%x00%at', sha])).trimEnd();
  } catch (error) {
    if (error instanceof GitError) return undefined;
    throw error;
  }
}

const format = [
  '%(refname:strip=2)',
  '%(objecttype)',
  '%(objectname)',
  '%(*objectname)',
  '%(taggername) %(taggeremail)',
  '%(taggerdate:unix)',
  '%(contents:signature)',
  '%(contents)%01',
].join('%00');

function readTag(entry: string): ListedTag {
  const [name, type, object, peeled, tagger, seconds, signature, contents] = entry.split('\0');
  const annotated = type === 'tag';
  return {
    name: name!,
    commit: annotated ? peeled! : object!,
    annotated,
    tagger: annotated ? tagger! : '',
    seconds: Number(seconds),
    message: annotated ? cleanMessage(contents!.slice(0, contents!.length - signature!.length)) : '',
  };
}
