import { chmod, cp, mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { execa } from 'execa';
import { wrapperFolder } from './cache.ts';
import type { Build, ToolDeclaration } from './declaration.ts';
import { findOnPath } from './path.ts';

export interface Building {
  /** Where the binary goes, named as the tool. */
  readonly folder: string;
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
  readonly onProgress: (text: string) => void;
}

/** Builds the tool with Go from its wrapper module and leaves the binary in the folder. */
export async function buildTool(
  declaration: ToolDeclaration,
  build: Build,
  { folder, env, signal, onProgress }: Building,
): Promise<void> {
  const { name, pin } = declaration;
  const go = findOnPath('go', env['PATH']);
  if (go === undefined) throw new Error('there is no go on PATH');
  const temporary = join(folder, 'go');
  await mkdir(temporary);
  const ldflags = ['-s', '-w', ...build.stamps.map((stamp) => `-X ${stamp}`)].join(' ');
  // Not all cores but two: a build must not starve the machine it is only a means for.
  const tags = build.tags ? ['-tags', build.tags.join(',')] : [];
  const output = ['-o', join(folder, name)];
  const args = ['build', '-v', '-p', '2', '-trimpath', ...tags, '-ldflags', ldflags, ...output, build.package];
  const options = {
    cwd: wrapperFolder(declaration),
    // As the publishers build: most need no C compiler. Work files go where leftovers are swept.
    env: { ...env, CGO_ENABLED: build.needsCompiler ? '1' : '0', GOWORK: 'off', GOTMPDIR: temporary },
    extendEnv: false,
    stdin: 'ignore',
    reject: false,
    cancelSignal: signal,
    // Go takes its compilers down with it on an interrupt, not on a terminate.
    killSignal: 'SIGINT',
    forceKillAfterDelay: 5_000,
  } as const;
  const child = execa(go, args, options);
  let packages = 0;
  child.stderr.on('data', (chunk: Buffer) => {
    packages += chunk.toString().split('\n').length - 1;
  });
  const started = Date.now();
  const report = () => {
    const seconds = Math.round((Date.now() - started) / 1000);
    onProgress(`building ${name} ${pin} with Go: ${seconds} s, ${packages} packages`);
  };
  report();
  const ticker = setInterval(report, 1_000);
  const result = await child.finally(() => clearInterval(ticker));
  signal.throwIfAborted();
  if (result.failed) throw new Error(`go build failed: ${lastLines(result.stderr) || result.shortMessage}`);
  if (build.resources) await keepResources(build.resources, folder, (list) => execa(go, list, options));
  await rm(temporary, { recursive: true, force: true });
}

/** Copies them, as the cache of Go may be emptied at any time. */
async function keepResources(
  { module, folders }: NonNullable<Build['resources']>,
  folder: string,
  run: (args: readonly string[]) => Promise<{ readonly failed: boolean; readonly stdout: string }>,
): Promise<void> {
  const { failed, stdout } = await run(['list', '-m', '-f', '{{.Dir}}', module]);
  if (failed || !stdout) throw new Error(`go does not tell where ${module} is`);
  for (const name of folders) {
    await cp(join(stdout.trim(), name), join(folder, name), { recursive: true });
    await makeRemovable(join(folder, name));
  }
}

/** Go's own folders cannot be written to, and their copies neither. */
async function makeRemovable(folder: string): Promise<void> {
  await chmod(folder, 0o755);
  const entries = await readdir(folder, { withFileTypes: true, recursive: true });
  const folders = entries.filter((entry) => entry.isDirectory());
  await Promise.all(folders.map(({ parentPath, name }) => chmod(join(parentPath, name), 0o755)));
}

function lastLines(text: string): string {
  const said = text.split('\n').filter((line) => /\s/.test(line.trim()));
  return said.slice(-3).join('; ');
}
