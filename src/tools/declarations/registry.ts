import type { ToolDeclaration } from '../declaration.ts';

const pin = '3.1.2';

/** The registry that tests push to and pull from; nobody else needs it. */
export const registry: ToolDeclaration = {
  name: 'registry',
  pin,
  accepts: (version) => version === pin,
  versionArgs: ['--version'],
  versionPattern: /\bv(\d+\.\d+\.\d+)/,
  build: { package: 'github.com/distribution/distribution/v3/cmd/registry', stamps: [] },
  install: 'https://distribution.github.io/distribution/',
};
