import type { OpenTree } from './open-tree.ts';
import { readHead } from './read-ref.ts';

/** ID of the commit a work tree is at. */
export async function readSha(tree: OpenTree): Promise<string> {
  const read = await readHead(tree.gitFolder, tree.repository.bare);
  return read ?? (await tree.run(['rev-parse', '--verify', 'HEAD'])).trim();
}
