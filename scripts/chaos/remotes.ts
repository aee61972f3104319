import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createTestRepository, type TestRepository } from '../../test/support/git-repository.ts';

/** The repositories that promotions work on; each one notes every change of a branch. */
export type Remotes = ReadonlyMap<string, TestRepository>;

/** Branch of a repository that many promotions push to. */
export const sharedBranch = 'env/shared';

/** Makes bare repositories `NAME.git` below a folder, all alike. */
export function createRemotes(folder: string, names: readonly string[]): Remotes {
  mkdirSync(folder, { recursive: true });
  return new Map(names.map((name) => [`${name}.git`, createRemote(join(folder, `${name}.git`))]));
}

function createRemote(path: string): TestRepository {
  const repository = createTestRepository(path, {
    commits: [
      {
        id: 'base',
        branch: 'main',
        message: 'Base',
        files: { 'base/app.yaml': 'name: app # ours\nversion: 0.0.0\n', 'base/deep/notes.txt': 'notes\n' },
      },
      {
        id: 'shared',
        branch: sharedBranch,
        from: 'none',
        message: 'Begin',
        files: { 'readme.txt': 'all\n' },
      },
    ],
  });
  const hook = join(path, 'hooks/post-receive');
  writeFileSync(hook, '#!/bin/sh\ncat >>pushes\n');
  chmodSync(hook, 0o755);
  return repository;
}

/** A change of a branch: the subjects of the commits that it brought. */
export interface Push {
  readonly branch: string;
  readonly subjects: readonly string[];
}

/** Every change of a branch that a repository has noted, oldest first. */
export function pushesTo(repository: TestRepository): readonly Push[] {
  const file = join(repository.path, 'pushes');
  const lines = existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(Boolean) : [];
  return lines.map((line) => {
    const [before = '', after = '', ref = ''] = line.split(' ');
    const range = /^0+$/.test(before) ? [after, '--not', 'main'] : [`${before}..${after}`];
    return { branch: ref.replace(/^refs\/heads\//, ''), subjects: subjectsOf(repository, range) };
  });
}

/** Subjects of the commits in a range of git. */
export function subjectsOf(repository: TestRepository, range: readonly string[]): readonly string[] {
  return repository
    .git('log', '--format=%s', ...range)
    .split('\n')
    .filter(Boolean);
}

/** The trees at the heads of all branches of all repositories, by `repository branch`. */
export function treesOf(remotes: Remotes): ReadonlyMap<string, string> {
  const format = '--format=%(refname:short) %(tree)';
  return new Map(
    [...remotes].flatMap(([name, repository]) =>
      repository
        .git('for-each-ref', format, 'refs/heads')
        .split('\n')
        .map((line): [string, string] => {
          const [branch = '', tree = ''] = line.split(' ');
          return [`${name} ${branch}`, tree];
        }),
    ),
  );
}
