/** What a registry and its users would stumble over: `npm run check:package`. Packs, and looks at the tarball. */
import { execFileSync, spawnSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = mkdtempSync(join(tmpdir(), 'gantry-package-'));
try {
  execFileSync('npm', ['pack', '--silent', '--pack-destination', folder], {
    cwd: root,
    stdio: ['ignore', 2, 2],
  });
  const tarball = join(folder, readdirSync(folder)[0]!);
  const checks = [
    ['publint', 'run', tarball, '--strict'],
    // The package is for ESM; `require` of Node 20.19 and newer takes that too.
    ['attw', tarball, '--profile', 'esm-only'],
    ['knip', '--no-progress'],
  ] as const;
  const failed = checks.filter(([name, ...args]) => !passes(name, args)).map(([name]) => name);
  if (failed.length > 0) console.error(`${failed.join(', ')} found something.`);
  process.exitCode = failed.length > 0 ? 1 : 0;
} finally {
  rmSync(folder, { recursive: true });
}

function passes(name: string, args: readonly string[]): boolean {
  return spawnSync(join(root, 'node_modules/.bin', name), args, { cwd: root, stdio: 'inherit' }).status === 0;
}
