import { execFile } from 'node:child_process';
import { promisify } from 'node:util';

/** Runs one git command and returns what it prints; rejects with git's own words. */
export type RunGit = (args: readonly string[], env?: NodeJS.ProcessEnv) => Promise<string>;

/** Git in a folder, untouched by anybody's configuration. Commits are the demo's. */
export function createGitRunner(git: string, folder: string, env: NodeJS.ProcessEnv): RunGit {
  const own = {
    PATH: env['PATH'],
    HOME: folder,
    LC_ALL: 'C',
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
    GIT_TERMINAL_PROMPT: '0',
    ...identity,
  };
  return async (args, more = {}) => {
    const { stdout } = await run(git, args, { cwd: folder, env: { ...own, ...more }, maxBuffer: 10_000_000 });
    return stdout;
  };
}

const run = promisify(execFile);

const identity = {
  GIT_AUTHOR_NAME: 'Gantry demo',
  GIT_AUTHOR_EMAIL: 'demo@gantry.example',
  GIT_COMMITTER_NAME: 'Gantry demo',
  GIT_COMMITTER_EMAIL: 'demo@gantry.example',
};
