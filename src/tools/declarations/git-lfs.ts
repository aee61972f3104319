import type { ToolDeclaration } from '../declaration.ts';
import { versionNumbers } from '../declaration.ts';

/** Brings the large files of a repository. Whoever has such repositories has it: it is found, and made for tests only. */
export const gitLfs: ToolDeclaration = {
  name: 'git-lfs',
  pin: '3.8.1',
  accepts: (version) => (versionNumbers(version)[0] ?? 0) >= 3,
  versionArgs: ['version'],
  versionPattern: /git-lfs\/(\d+\.\d+\.\d+)/,
  build: { package: 'github.com/git-lfs/git-lfs/v3', stamps: [] },
  install: 'https://git-lfs.com',
};
