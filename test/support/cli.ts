import { spawn, type ChildProcess } from 'node:child_process';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runCli } from '../../src/client/cli/cli.ts';
import type { Terminal } from '../../src/client/cli/terminal.ts';

/** What a command line left behind. */
export interface CliResult {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** A terminal that remembers what was written; no environment, no colours. */
export function createTerminal(settings: { env?: NodeJS.ProcessEnv; cwd?: string } = {}) {
  const written = { stdout: '', stderr: '' };
  const listeners = new Set<() => void>();
  const terminal: Terminal = {
    out: { write: (text) => void (written.stdout += text) },
    err: { write: (text) => void (written.stderr += text) },
    env: settings.env ?? {},
    cwd: settings.cwd ?? process.cwd(),
    onStop(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    exit(code) {
      throw new Error(`exit ${code}`);
    },
  };
  return { terminal, written, stop: () => listeners.forEach((listener) => listener()) };
}

/** Runs one command line in this process. */
export async function runGantry(
  argv: readonly string[],
  settings: { env?: NodeJS.ProcessEnv; cwd?: string } = {},
): Promise<CliResult> {
  const { terminal, written } = createTerminal(settings);
  const code = await runCli(argv, terminal);
  return { code, ...written };
}

/** A command line in a process of its own. */
export interface GantryProcess {
  readonly child: ChildProcess;
  /** What it has written so far. */
  readonly written: { stdout: string; stderr: string };
  readonly exited: Promise<CliResult>;
  /** Resolves with the first match in what it writes; rejects when it ends without. */
  until(stream: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray>;
}

/** Starts `bin/gantry`, or another program, with an environment of its own; tools come from where the tests have them. */
export function spawnGantry(
  argv: readonly string[],
  {
    env = {},
    cwd,
    home,
    program = binGantry,
  }: { env?: NodeJS.ProcessEnv; cwd: string; home: string; program?: string },
): GantryProcess {
  const child = spawn(process.execPath, [program, ...argv], {
    cwd,
    env: { ...hermeticEnvironment(home), ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const written = { stdout: '', stderr: '' };
  const watchers = new Set<() => void>();
  for (const stream of ['stdout', 'stderr'] as const) {
    child[stream].setEncoding('utf8').on('data', (text: string) => {
      written[stream] += text;
      watchers.forEach((watch) => watch());
    });
  }
  const exited = new Promise<CliResult>((resolve) => {
    child.once('close', (code) => resolve({ code: code ?? -1, ...written }));
  });
  const until = (stream: 'stdout' | 'stderr', pattern: RegExp): Promise<RegExpExecArray> =>
    new Promise((resolve, reject) => {
      const watch = (): void => {
        const match = pattern.exec(written[stream]);
        if (match) resolve(match);
      };
      watchers.add(watch);
      watch();
      void exited.then(({ code }) =>
        reject(new Error(`ended with ${code}: ${written.stdout}${written.stderr}`)),
      );
    });
  return { child, written, exited, until };
}

const binGantry = fileURLToPath(new URL('../../bin/gantry', import.meta.url));

/** Nothing of the user's own but the tools. */
export function hermeticEnvironment(home: string): NodeJS.ProcessEnv {
  const { PATH, XDG_CACHE_HOME, GANTRY_TOOLS } = process.env;
  return {
    PATH,
    HOME: home,
    XDG_CACHE_HOME: XDG_CACHE_HOME ?? join(homedir(), '.cache'),
    ...(GANTRY_TOOLS && { GANTRY_TOOLS }),
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
  };
}
