import type { MissingTool, Tool, ToolResolver } from '../../tools/tools.ts';
import { defineCommand, option, settingOption } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { openTools } from './open-tools.ts';
import { printResult } from './output.ts';
import { formatTable } from './table.ts';

interface ToolsOptions {
  readonly install?: boolean;
}

export const tools = defineCommand<ToolsOptions>({
  name: 'tools',
  summary: 'List the programs Gantry uses, and where they are',
  description: [
    'A program comes from the cache, from PATH when its version is the right one, from a download, or is built.',
    'With --tools path, what is on PATH is taken as it is.',
  ].join('\n'),
  options: [option('--install', 'make what is missing'), settingOption('tools')],
  examples: ['gantry tools', 'gantry tools --install', 'gantry tools -o json'],
  async run(call) {
    const { toolNames } = await import('../../tools/tools.ts');
    const { resolver, quiet } = await openTools(call);
    const found = call.options.install ? await installAll(resolver, toolNames) : await resolver.list();
    quiet();
    const result = found.map(({ name, version, path, origin }) => ({ name, version, path, origin }));
    await printResult(call, result, () => formatTable(['NAME', 'VERSION', 'ORIGIN', 'PATH'], found.map(row)));
    return exitCodes.succeeded;
  },
});

/** One after the other: two builds at once are no faster. */
async function installAll(resolver: ToolResolver, names: readonly string[]): Promise<readonly Tool[]> {
  const found: Tool[] = [];
  for (const name of names) found.push(await resolver.resolve(name));
  return found;
}

function row({ name, version, origin, path }: Tool | MissingTool): readonly string[] {
  return [name, version, origin, path ?? '-'];
}
