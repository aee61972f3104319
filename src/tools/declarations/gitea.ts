import type { ToolDeclaration } from '../declaration.ts';

const pin = '1.26.0';

/**
 * The Git host of tests and of the demo of pull requests; nobody else needs it. What it reads when it runs lies in the
 * folder of its binary.
 */
export const gitea: ToolDeclaration = {
  name: 'gitea',
  pin,
  accepts: (version) => version === pin,
  versionArgs: ['--version'],
  versionPattern: /\b(\d+\.\d+\.\d+)/,
  build: {
    package: 'code.gitea.io/gitea',
    stamps: [`main.Version=${pin}`],
    tags: ['sqlite', 'sqlite_unlock_notify'],
    // SQLite.
    needsCompiler: true,
    resources: { module: 'code.gitea.io/gitea', folders: ['options', 'public', 'templates'] },
  },
  install: 'https://docs.gitea.com/installation/install-from-binary',
};
