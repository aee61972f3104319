import type { ToolResolver } from '../../tools/tools.ts';
import { createProgress } from './progress.ts';
import type { Terminal } from './terminal.ts';

/** The tools, with what they are busy with shown on standard error. */
export interface TerminalTools {
  readonly resolver: ToolResolver;
  /** Takes the line about progress away. */
  readonly quiet: () => void;
}

/** Tools for a command. Loads what it needs only now. */
export async function openTools(terminal: Terminal): Promise<TerminalTools> {
  const { createToolResolver } = await import('../../tools/tools.ts');
  const progress = createProgress(terminal);
  const onWarning = (text: string): void => void terminal.err.write(`${text}\n`);
  const resolver = createToolResolver({ env: terminal.env, onProgress: progress.update, onWarning });
  return { resolver, quiet: progress.clear };
}
