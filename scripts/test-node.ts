/**
 * Runs the quick tests on other versions of Node: `npm run test:node -- 22 24`. Takes each from the npm registry, where
 * packages hold the binaries as they are: nothing is compiled, no install script runs, and the Node in use stays.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const versions = process.argv.slice(2);
if (versions.length === 0 || versions.some((version) => !/^\d+(\.\d+){0,2}$/.test(version))) {
  console.error('Usage: npm run test:node -- VERSION...   (22, or 22.12.0)');
  process.exit(2);
}
const failed = versions.filter((version) => !passesOn(version));
if (failed.length > 0) console.error(`The quick tests fail on Node ${failed.join(' and ')}.`);
process.exitCode = failed.length > 0 ? 1 : 0;

function passesOn(version: string): boolean {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-node-'));
  try {
    const node = installNode(version, folder);
    console.error(`Node ${execFileSync(node, ['--version'], { encoding: 'utf8' }).trim()}`);
    const mocha = join(root, 'node_modules/mocha/bin/mocha.js');
    const { status } = spawnSync(node, [mocha, '--config', '.mocharc.quick.json'], {
      cwd: root,
      // Programs that tests start by name shall be run by the same Node.
      env: { ...process.env, PATH: [dirname(node), process.env['PATH']].join(delimiter) },
      stdio: 'inherit',
    });
    return status === 0;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The path of its binary. */
function installNode(version: string, folder: string): string {
  const { platform, arch } = process;
  // The plain name belongs to somebody else there.
  const prefix = platform === 'darwin' && arch === 'arm64' ? 'node-bin' : 'node';
  const name = `${prefix}-${platform}-${arch}`;
  const quiet = ['--ignore-scripts', '--prefer-offline', '--no-audit', '--no-fund', '--loglevel=error'];
  execFileSync('npm', ['install', '--prefix', folder, ...quiet, `${name}@${version}`], {
    stdio: ['ignore', 2, 2],
  });
  return join(folder, 'node_modules', name, 'bin/node');
}
