import { readFile, rename, rm, writeFile } from 'node:fs/promises';

/**
 * Takes includes of other files out of a settings file of Git: what they bring could name programs that git runs. A file
 * that has none, or is not there, stays as it is.
 */
export async function dropIncludes(file: string): Promise<void> {
  const text = await readFile(file, 'utf8').catch(() => '');
  if (!includes.test(text)) return;
  const draft = `${file}.draft`;
  await rm(draft, { force: true });
  await writeFile(draft, withoutIncludes(text), { mode: 0o600, flag: 'wx' });
  await rename(draft, file);
}

// Anywhere in a line: a section may begin behind another one.
const includes = /\[\s*include(if)?\b/i;

/** Without every line from one that begins an include to the next section. */
function withoutIncludes(text: string): string {
  let drops = false;
  const lines = text.split('\n').filter((line) => {
    if (/^\s*\[/.test(line) || includes.test(line)) drops = includes.test(line);
    return !drops;
  });
  return lines.join('\n').replace(/\n*$/, '\n');
}
