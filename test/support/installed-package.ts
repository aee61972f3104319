import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { spawnGantry, type GantryProcess } from './cli.ts';

/** What a user has after `npm install` of the tarball in an empty folder. */
export interface InstalledPackage {
  readonly folder: string;
  /** The package itself. */
  readonly root: string;
  /** Paths of what was packed. */
  readonly packed: readonly string[];
  /** Starts the installed command in a folder, with the installation as HOME. */
  gantry(cwd: string, argv: readonly string[], env?: NodeJS.ProcessEnv): GantryProcess;
}

let installed: InstalledPackage | undefined;

/** Packs and installs when first asked, which takes a minute; removed when the run ends. Call it in a `before` hook. */
export function usePackage(): InstalledPackage {
  return (installed ??= installPackage());
}

const source = fileURLToPath(new URL('../..', import.meta.url));

function installPackage(): InstalledPackage {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-package-'));
  // Thousands of files: the hooks of the last tests need not wait for it.
  process.once('exit', () => rmSync(folder, { recursive: true, maxRetries: 5 }));
  writeFileSync(join(folder, 'package.json'), '{"type": "module", "private": true}');
  const pack = npm(source, 'pack', '--json', '--pack-destination', folder);
  const [{ filename, files }] = JSON.parse(pack.slice(pack.indexOf('[\n'))) as [PackResult];
  npm(folder, 'install', '--prefer-offline', '--no-audit', '--no-fund', join(folder, filename));
  const program = join(folder, 'node_modules/.bin/gantry');
  return {
    folder,
    root: join(folder, 'node_modules/gantry'),
    packed: files.map(({ path }) => path),
    gantry: (cwd, argv, env = {}) => spawnGantry(argv, { cwd, home: folder, env, program }),
  };
}

interface PackResult {
  readonly filename: string;
  readonly files: readonly { readonly path: string }[];
}

/** With the user's own npm settings: they say where packages come from. */
function npm(cwd: string, ...args: string[]): string {
  return execFileSync('npm', args, { cwd, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] });
}
