import { appendFile, lstat, readdir, readFile, realpath } from 'node:fs/promises';
import { dirname, join, relative, sep } from 'node:path';
import { keepTree, listKept } from './kept-trees.ts';

const notesFile = 'sealed-trees';

interface SealedTree {
  readonly path: string;
  readonly seal: string;
}

/** Notes beside a clone which of its work trees can be kept, and where. */
export async function noteSealed(folder: string, tree: SealedTree): Promise<void> {
  await appendFile(join(folder, notesFile), `${JSON.stringify(tree)}\n`);
}

/** What has been moved out; `cleaned` settles, always well, when nothing of the promotion is left in it. */
export interface Salvaged {
  readonly cleaned: Promise<void>;
}

/**
 * Takes what the next promotion can use out of a workspace that nobody works in any more: its work trees move to the
 * mirrors, and lose everything the steps did to them. Never fails; what cannot be kept stays, to be deleted.
 */
export async function salvageTrees(workspace: {
  readonly home: string;
  readonly files: string;
  readonly mirrors: string;
}): Promise<Salvaged> {
  const repositories = join(workspace.home, 'repositories');
  const clones = await readdir(repositories).catch(() => []);
  const noted = await Promise.all(clones.map((clone) => readNotes(join(repositories, clone))));
  // Deeper ones first: one may lie in another.
  const trees = noted.flat().sort((a, b) => b.path.length - a.path.length);
  const kept: Promise<void>[] = [];
  for (const { seal, path } of trees) {
    if (await isKeepable({ seal, path }, workspace)) kept.push((await keepTree(seal, path)).cleaned);
  }
  return { cleaned: Promise.all(kept).then(() => undefined) };
}

async function readNotes(folder: string): Promise<readonly SealedTree[]> {
  const text = await readFile(join(folder, notesFile), 'utf8').catch(() => '');
  const trees = text.split('\n').filter(Boolean).map(parseNote);
  return trees.filter((tree) => tree !== undefined);
}

function parseNote(line: string): SealedTree | undefined {
  try {
    const { path, seal } = JSON.parse(line) as Partial<SealedTree>;
    return typeof path === 'string' && typeof seal === 'string' ? { path, seal } : undefined;
  } catch {
    return undefined;
  }
}

/** A real folder inside the workspace, and a seal where seals are: steps could have written the note anew. */
async function isKeepable(
  { path, seal }: SealedTree,
  { files, mirrors }: { readonly files: string; readonly mirrors: string },
): Promise<boolean> {
  const parts = relative(mirrors, seal).split(sep);
  if (parts.length !== 3 || parts.includes('..') || parts[1] !== 'trees') return false;
  const [root, place, found] = await Promise.all([
    realpath(files).catch(() => undefined),
    realpath(path).catch(() => undefined),
    lstat(path).catch(() => undefined),
  ]);
  if (!root || place !== path || !found?.isDirectory() || !path.startsWith(root + sep)) return false;
  return (await listKept(dirname(seal))).length < mostTrees;
}

/** Of one repository: as many as promotions run at a time, with two each. */
const mostTrees = 20;
