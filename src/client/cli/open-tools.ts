import type { ToolResolver } from '../../tools/tools.ts';
import type { Call } from './command.ts';
import { createProgress } from './progress.ts';
import { findToolCache } from './tool-cache.ts';

/** The tools, with what they are busy with shown on standard error. */
export interface TerminalTools {
  readonly resolver: ToolResolver;
  /** Takes the line about progress away. */
  readonly quiet: () => void;
}

/** Tools for a command, as the settings want them. Loads what it needs only now. */
export async function openTools({
  terminal,
  settings,
}: Pick<Call, 'terminal' | 'settings'>): Promise<TerminalTools> {
  const { createToolResolver } = await import('../../tools/tools.ts');
  const progress = createProgress(terminal);
  const resolver = createToolResolver({
    env: terminal.env,
    mode: settings.tools === 'path' ? 'path' : 'auto',
    cache: await findToolCache(settings, terminal),
    onProgress: progress.update,
    onWarning: (text) => void terminal.err.write(`${text}\n`),
  });
  return { resolver, quiet: progress.clear };
}
