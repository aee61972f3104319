import { versionNumbers, type ToolDeclaration } from '../declaration.ts';

/** Every system has its own git, built for its own helpers: never downloaded. */
export const git: ToolDeclaration = {
  name: 'git',
  pin: '2.39',
  accepts: (version) => {
    const [major = 0, minor = 0] = versionNumbers(version);
    return major > 2 || (major === 2 && minor >= 39);
  },
  versionArgs: ['--version'],
  versionPattern: /git version (\d+\.\d+(?:\.\d+)*)/,
  install: 'https://git-scm.com/downloads, or your package manager (`apt install git`, `brew install git`)',
};
