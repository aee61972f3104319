import { readFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * The commit a branch stands for (`refs/heads/…`, a checked name), read from git's own files: a process would take ten
 * times as long. Undefined when they do not tell, whatever the reason; git itself is to be asked then.
 */
export async function readBranch(bare: string, ref: string): Promise<string | undefined> {
  if (!ref.startsWith('refs/heads/')) return undefined;
  const loose = await readText(join(bare, ref));
  if (loose !== undefined) return parseId(loose);
  const packed = await readText(join(bare, 'packed-refs'));
  const line = packed?.split('\n').find((text) => text.endsWith(` ${ref}`));
  return line === undefined ? undefined : parseId(line.slice(0, line.indexOf(' ')));
}

/** The commit a work tree is at, by its own Git folder and its bare repository; undefined as above. */
export async function readHead(gitFolder: string, bare: string): Promise<string | undefined> {
  const head = await readText(join(gitFolder, 'HEAD'));
  if (head === undefined) return undefined;
  const [, ref] = /^ref: (.+)$/m.exec(head) ?? [];
  return ref === undefined ? parseId(head) : readBranch(bare, ref);
}

function parseId(text: string): string | undefined {
  return /^(?:[0-9a-f]{40}|[0-9a-f]{64})$/.exec(text.trimEnd())?.[0];
}

async function readText(file: string): Promise<string | undefined> {
  return readFile(file, 'utf8').catch(() => undefined);
}
