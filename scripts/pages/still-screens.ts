import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { declarations } from '../../src/tools/declarations/index.ts';
import { cacheKey } from '../../src/tools/cache.ts';
import { runGantry } from '../../test/support/cli.ts';
import { fencesOf, readPage } from '../../test/support/markdown.ts';

/** What commands print that need no server, by the names of the screens: the same on every machine. */
export async function renderStillScreens(): Promise<ReadonlyMap<string, string>> {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-screens-'));
  try {
    return new Map([
      ['validate', await renderValidate(folder)],
      ['tools', await renderTools(folder)],
    ]);
  } finally {
    rmSync(folder, { recursive: true });
  }
}

/** The Stage with mistakes that the page about a first pipeline shows. */
async function renderValidate(folder: string): Promise<string> {
  const fences = fencesOf(readPage('docs/first-pipeline.md'));
  const { marks, text } = fences.find((fence) => 'with mistakes' in fence.marks)!;
  const file = join(folder, marks['file']!);
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(file, text);
  const { stdout } = await runGantry(['validate', 'pipelines'], { cwd: folder });
  return stdout;
}

/** Programs of nobody's machine: whoever is in the cache is not asked for its version, and git and bash are scripts. */
async function renderTools(folder: string): Promise<string> {
  const cache = join(folder, 'gantry/tools');
  for (const declaration of declarations.filter(({ build }) => build))
    writeProgram(join(cache, cacheKey(declaration), declaration.name), '');
  writeProgram(join(folder, 'bin/git'), 'echo git version 2.47.3');
  writeProgram(join(folder, 'bin/bash'), 'echo "GNU bash, version 5.2.37(1)-release"');
  const env = { PATH: join(folder, 'bin'), HOME: folder, XDG_CACHE_HOME: folder };
  const { stdout } = await runGantry(['tools'], { cwd: folder, env });
  return stdout
    .replaceAll(join(folder, 'bin/'), '/usr/bin/')
    .replaceAll(`${folder}/gantry`, '/home/you/.cache/gantry')
    .replaceAll(/-(linux|darwin)-(amd64|arm64)-[0-9a-f]{8}\//g, '-linux-amd64-…/');
}

function writeProgram(path: string, script: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, `#!/bin/sh\n${script}\n`);
  chmodSync(path, 0o755);
}
