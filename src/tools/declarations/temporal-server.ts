import type { ToolDeclaration } from '../declaration.ts';

const pin = '1.32.0';
const wrapper = 'temporal-server';
const shared = { pin, accepts: (version: string) => version === pin, versionArgs: ['--version'] } as const;

/** The server that clusters run, for tests on PostgreSQL; nobody else needs it. */
export const temporalServer: ToolDeclaration = {
  ...shared,
  name: 'temporal-server',
  versionPattern: /temporal version (\S+)/,
  build: { package: 'go.temporal.io/server/cmd/server', stamps: [], wrapper },
  install: 'https://docs.temporal.io/self-hosted-guide/deployment',
};

/** Makes the schema of its databases. */
export const temporalSqlTool: ToolDeclaration = {
  ...shared,
  name: 'temporal-sql-tool',
  versionPattern: /temporal-sql-tool version (\S+)/,
  build: { package: 'go.temporal.io/server/cmd/tools/sql', stamps: [], wrapper },
  install: 'https://docs.temporal.io/self-hosted-guide/deployment',
};
