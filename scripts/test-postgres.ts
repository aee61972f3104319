/**
 * Runs the tests that need a Temporal server on one that keeps everything in PostgreSQL: `npm run test:postgres [FILE...]`.
 * Makes the server when it is not there, which takes minutes; with `--if-built` it then says so and ends well.
 */
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { findCachedTool, postgresToolNames } from '../src/tools/tools.ts';
import { findPostgres } from '../test/support/postgres.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { 'if-built': { type: 'boolean' } },
});

/** End to end, through deaths and waits. What starts servers of its own stays on those. */
const files = [
  'chaos',
  'crash-points',
  'crash',
  'hold-push',
  'promotion',
  'promotion-control',
  'promotion-replayed',
  'rendered-branch',
  'wait',
  'worker',
  'worker-kill',
].map((name) => `test/server/${name}.test.ts`);

/** As `.mocharc.json` has them, with more time: this server takes longer to start. */
const options = [
  '--no-config',
  '--node-option=import=tsx',
  '--timeout=60000',
  '--forbid-only',
  '--require=./test/support/exit-guard.ts',
];

const missing = findMissing();
if (missing !== undefined) {
  console.error(`The tests on PostgreSQL do not run: ${missing}`);
  process.exitCode = values['if-built'] ? 0 : 1;
} else {
  const made = run(['--import', 'tsx', 'scripts/make-tools.ts', ...postgresToolNames]);
  process.exitCode = made || run([mocha(), ...options, ...chosen()]);
}

function findMissing(): string | undefined {
  if (findPostgres() === undefined) return 'there is no PostgreSQL on this machine (initdb, postgres)';
  const unbuilt = postgresToolNames.filter((name) => findCachedTool(name, process.env) === undefined);
  if (!values['if-built'] || unbuilt.length === 0) return undefined;
  return `${unbuilt.join(' and ')} are not built; npm run test:postgres builds them`;
}

function chosen(): readonly string[] {
  return positionals.length > 0 ? positionals : files.filter((file) => existsSync(join(root, file)));
}

function mocha(): string {
  return fileURLToPath(import.meta.resolve('mocha/bin/mocha.js'));
}

function run(args: readonly string[]): number {
  const env = { ...process.env, GANTRY_TEST_SERVER: 'postgres' };
  return spawnSync(process.execPath, args, { cwd: root, env, stdio: 'inherit' }).status ?? 1;
}
