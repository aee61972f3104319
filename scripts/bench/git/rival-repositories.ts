import { cpSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { runGit } from '../../../test/support/git-repository.ts';
import { findRepository, type RepositoryShape } from './generate-repository.ts';

/** One repository of a shape, for one side of the race. */
export interface RivalRepository {
  readonly url: string;
  /** Moves the default branch on by a commit, as people do between two promotions; returns its ID. */
  advance(): string;
}

/** A copy of the generated repository in a folder; `base` is the address of the folder. */
export async function copyRepository(
  shape: RepositoryShape,
  folder: string,
  base: string,
  side: string,
): Promise<RivalRepository> {
  const name = `${shape.name}-${side}.git`;
  const path = join(folder, name);
  mkdirSync(folder, { recursive: true });
  cpSync(await findRepository(shape), path, { recursive: true });
  let count = 0;
  return {
    url: `${base}/${name}`,
    advance() {
      count += 1;
      const who = `Ada <ada@example.org> ${1_800_000_000 + count} +0000`;
      const text = `number: ${count}\n`;
      const change = `M 100644 inline apps/number.yaml\ndata ${text.length}\n${text}\n`;
      const from = 'from refs/heads/main^0\n';
      const commit = `commit refs/heads/main\ncommitter ${who}\ndata 4\nnext\n${from}${change}`;
      runGit(path, ['fast-import', '--quiet'], commit);
      return runGit(path, ['rev-parse', 'main']);
    },
  };
}
