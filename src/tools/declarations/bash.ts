import { versionNumbers, type ToolDeclaration } from '../declaration.ts';

/** Runs the scripts of users; every system has its own. */
export const bash: ToolDeclaration = {
  name: 'bash',
  pin: '3.2',
  accepts: (version) => {
    const [major = 0, minor = 0] = versionNumbers(version);
    return major > 3 || (major === 3 && minor >= 2);
  },
  versionArgs: ['--version'],
  versionPattern: /version (\d+\.\d+(?:\.\d+)*)/,
  install: 'your package manager (`apt install bash`, `brew install bash`)',
};
