import { chmod, mkdir, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { delimiter, join, relative } from 'node:path';
import { signature } from '../git/repository.ts';
import type { GitOptions } from '../git/git.ts';
import { taskVariable } from '../git/marked-processes.ts';
import { openScriptAccess } from '../git/script-access.ts';
import { runBash } from './run-bash.ts';
import { outputVariables, type Script, type ScriptEnd, type Scripts } from './script.ts';

export interface ScriptsOptions {
  /** Whose promotion it is; its `home` also holds what belongs to a script. */
  readonly git: GitOptions;
  /** Absolute path of the files. */
  readonly root: string;
  /** Date of commits and tags. */
  readonly date: Date;
  /** Finds a binary, or rejects. */
  readonly resolveTool: (name: string) => Promise<{ readonly path: string }>;
}

/** Scripts of one attempt of one step. */
export function createScripts(options: ScriptsOptions): Scripts {
  const { git, root } = options;
  const folder = join(git.home, 'script');
  return {
    async run(script) {
      git.signal.throwIfAborted();
      // One that was killed left its HOME and its access behind.
      await removeFolder(folder);
      try {
        return await runIn(folder, script, options);
      } finally {
        await removeFolder(folder);
      }
    },
    listWorkTrees: () => listWorkTrees(git.home, root),
  };
}

async function runIn(folder: string, script: Script, options: ScriptsOptions): Promise<ScriptEnd> {
  const { git, root, resolveTool } = options;
  const [home, temporary, bin, output] = ['home', 'tmp', 'bin', 'output'].map((name) => join(folder, name));
  for (const path of [home!, temporary!, bin!]) await mkdir(path, { recursive: true, mode: 0o700 });
  const file = join(folder, 'script');
  await writeFile(file, script.text, { mode: 0o600 });
  await writeFile(output!, '');
  await linkTools(bin!, options);
  const access = await openScriptAccess(git, home!, join(folder, 'access'));
  const end = await runBash({
    bash: (await resolveTool('bash')).path,
    args: [...script.options, file],
    cwd: root,
    env: {
      LANG: 'C.UTF-8',
      ...git.environment,
      ...dates(options),
      ...access,
      TMPDIR: temporary!,
      ...script.env,
      HOME: script.env['HOME'] ?? home!,
      PATH: [bin!, script.env['PATH'] ?? git.environment?.['PATH'] ?? '/usr/local/bin:/usr/bin:/bin'].join(
        delimiter,
      ),
      ...Object.fromEntries(outputVariables.map((name) => [name, output!])),
      [taskVariable]: git.task,
    },
    task: git.task,
    signal: git.signal,
    onOutput: script.onOutput,
    redact: git.redact ?? ((text) => text),
    ...(script.timeout !== undefined && { timeout: script.timeout }),
  });
  return { ...end, outputs: await readStart(output!) };
}

/** Of commits and tags; who makes them is said by settings, which a clone has of its own. */
function dates({ git, date }: ScriptsOptions): Readonly<Record<string, string>> {
  const all = Object.entries(signature(git.identity, date));
  return Object.fromEntries(all.filter(([name]) => name.endsWith('_DATE')));
}

/** The binaries that steps use, before whatever else PATH has under these names. */
async function linkTools(bin: string, { git, resolveTool }: ScriptsOptions): Promise<void> {
  await symlink(git.binary, join(bin, 'git'));
  for (const name of ['kustomize', 'helm']) {
    const found = await resolveTool(name).catch(() => undefined);
    if (found) await symlink(found.path, join(bin, name));
  }
}

async function readStart(file: string): Promise<string> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return '';
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(maximumOutputs), 0, maximumOutputs, 0);
    return buffer.toString('utf8', 0, bytesRead);
  } finally {
    await handle.close();
  }
}

async function listWorkTrees(home: string, root: string): Promise<readonly string[]> {
  const repositories = join(home, 'repositories');
  const found: string[] = [];
  for (const clone of await readdir(repositories).catch(() => [])) {
    const folder = join(repositories, clone, 'bare', 'worktrees');
    for (const tree of await readdir(folder).catch(() => [])) {
      const path = await readFile(join(folder, tree, 'gitdir'), 'utf8').catch(() => '');
      if (path) found.push(`./${relative(root, join(path.trimEnd(), '..'))}`);
    }
  }
  return found.sort();
}

/** A script may have taken the right to write from a folder of its own. */
async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true }).catch(async () => {
    for (const entry of await readdir(folder, { recursive: true, withFileTypes: true }))
      if (entry.isDirectory()) await chmod(join(entry.parentPath, entry.name), 0o700);
    await rm(folder, { recursive: true, force: true });
  });
}

const maximumOutputs = 1024 * 1024;
