import type { Terminal } from './terminal.ts';
import type { Settings } from '../settings.ts';

/** The folder of made tools: the one in the settings, else the user's cache. */
export async function findToolCache({ tools }: Settings, { env }: Pick<Terminal, 'env'>): Promise<string> {
  if (tools !== 'auto' && tools !== 'path') return tools;
  const { defaultToolCache } = await import('../../tools/tools.ts');
  return defaultToolCache({ ...env, GANTRY_TOOLS: '' });
}
