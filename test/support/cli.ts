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
