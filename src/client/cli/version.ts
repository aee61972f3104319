import { readFile } from 'node:fs/promises';
import { defineCommand } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { printResult } from './output.ts';

export const version = defineCommand({
  name: 'version',
  summary: 'Print the version of Gantry',
  ignoresSettings: true,
  examples: ['gantry version', 'gantry version -o json'],
  async run(call) {
    const versions = await readVersions();
    await printResult(call, versions, () => `gantry ${versions.version}\n`);
    return exitCodes.succeeded;
  },
});

async function readVersions(): Promise<{ version: string; node: string; temporalSdk: string }> {
  const manifest = JSON.parse(await readFile(new URL('../../../package.json', import.meta.url), 'utf8')) as {
    version: string;
    dependencies: Record<string, string>;
  };
  const temporalSdk = manifest.dependencies['@temporalio/client'] ?? 'unknown';
  return { version: manifest.version, node: process.versions.node, temporalSdk };
}
