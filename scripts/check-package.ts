/** What a registry and its users would stumble over: `npm run check:package`. Packs, and looks at the tarball. */
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { execa } from 'execa';

const root = fileURLToPath(new URL('..', import.meta.url));
const folder = await mkdtemp(join(tmpdir(), 'gantry-package-'));
try {
  const tarball = await pack();
  const found = await Promise.all([
    run('knip', '--no-progress'),
    run('publint', 'run', tarball, '--strict'),
    // The package is for ESM; `require` of Node 20.19 and newer takes that too.
    run('attw', tarball, '--profile', 'esm-only'),
  ]);
  const failures = found.filter((failure) => failure !== undefined);
  for (const failure of failures) console.error(failure);
  console.error(failures.length > 0 ? 'The package is not in order.' : 'The package is in order.');
  process.exitCode = failures.length > 0 ? 1 : 0;
} finally {
  await rm(folder, { recursive: true });
}

async function pack(): Promise<string> {
  const args = ['pack', '--silent', '--pack-destination', folder];
  await execa('npm', args, { cwd: root, stdin: 'ignore', stdout: process.stderr, stderr: 'inherit' });
  return join(folder, (await readdir(folder))[0]!);
}

/** What a check says when it finds something. */
async function run(name: string, ...args: readonly string[]): Promise<string | undefined> {
  const options = { cwd: root, preferLocal: true, localDir: root, all: true, reject: false } as const;
  const { failed, all } = await execa(name, args, { ...options, stdin: 'ignore' });
  return failed ? `${name} ${args.join(' ')}\n${all}` : undefined;
}
