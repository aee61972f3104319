import type { WorkflowBundle } from '@temporalio/worker';
import { createHash } from 'node:crypto';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { codeFolder, hashSources, versionOf } from './hash-sources.ts';

/**
 * The bundle that came with the package, so that an installation never has to make one. Undefined where there is none,
 * or none that fits: made for another version of the SDK or from other code than lies beside it, or changed since.
 */
export async function findPrebuilt(folder = codeFolder): Promise<WorkflowBundle | undefined> {
  const { bundle, label } = filesIn(folder);
  const text = await readFile(label, 'utf8').catch(() => undefined);
  if (text === undefined) return undefined;
  const code = await readFile(bundle, 'utf8').catch(() => '');
  return text === formatLabel(await labelOf(code)) ? { code } : undefined;
}

/** Puts a bundle where `findPrebuilt` looks, without the folders of the machine that made it. */
export async function keepPrebuilt(code: string, folder = codeFolder): Promise<void> {
  const { bundle, label } = filesIn(folder);
  const portable = makePortable(code);
  await writeFile(bundle, portable);
  await writeFile(label, formatLabel(await labelOf(portable)));
}

interface Label {
  /** Version of Temporal's SDK. */
  readonly sdk: string;
  /** Hash of what it was made of. */
  readonly sources: string;
  /** Hash of the bundle itself. */
  readonly content: string;
}

function filesIn(folder: string): { readonly bundle: string; readonly label: string } {
  return { bundle: join(folder, 'workflow-bundle.js'), label: join(folder, 'workflow-bundle.json') };
}

async function labelOf(code: string): Promise<Label> {
  return {
    sdk: await versionOf('@temporalio/worker'),
    sources: await hashSources(),
    content: createHash('sha256').update(code).digest('hex'),
  };
}

function formatLabel(label: Label): string {
  return `${JSON.stringify(label, undefined, 2)}\n`;
}

/** The source map is for stacks: names and lines. Texts of sources, most of it, nobody asks for. */
function makePortable(code: string): string {
  const [text = '', encoded] = code.split(mapMark);
  if (encoded === undefined) return code;
  const map = JSON.parse(Buffer.from(encoded, 'base64').toString()) as { sources: string[] };
  const sources = map.sources.map(shortenSource);
  const small = JSON.stringify({ ...map, sources, sourcesContent: undefined });
  return `${text}${mapMark}${Buffer.from(small).toString('base64')}`;
}

/** Packages by their name, our own code by its room. */
function shortenSource(path: string): string {
  if (path.includes('/node_modules/')) return path.slice(path.lastIndexOf('/node_modules/') + 1);
  return path.startsWith(codeFolder) ? `gantry/${path.slice(codeFolder.length)}` : path;
}

const mapMark = '//# sourceMappingURL=data:application/json;charset=utf-8;base64,';
