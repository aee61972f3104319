import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { isObject, type JsonObject } from '../../core/json.ts';
import { InvalidInput } from '../errors.ts';
import type { Terminal } from './terminal.ts';

/** The object (JSON or YAML) in the file that an option names, `-` being standard input; InvalidInput names the flag. */
export async function readObjectArgument(
  flag: string,
  name: string,
  terminal: Pick<Terminal, 'cwd' | 'readInput'>,
): Promise<JsonObject> {
  const text = await readText(flag, name, terminal);
  const { parseDocument } = await import('yaml');
  const document = parseDocument(text);
  const [error] = document.errors;
  if (error) throw new InvalidInput(`${flag} ${name}: ${error.message.trimEnd()}`);
  const value: unknown = document.toJS({ maxAliasCount: 100 });
  if (isObject(value)) return value;
  throw new InvalidInput(`${flag} ${name}: it has to hold an object, such as "key: value"`);
}

async function readText(
  flag: string,
  name: string,
  { cwd, readInput }: Pick<Terminal, 'cwd' | 'readInput'>,
): Promise<string> {
  if (name === '-') {
    if (readInput) return readInput();
    throw new InvalidInput(`${flag} -: there is no standard input`);
  }
  return readFile(resolve(cwd, name), 'utf8').catch((error: NodeJS.ErrnoException) => {
    const why = error.code === 'ENOENT' ? 'there is no such file' : error.message;
    throw new InvalidInput(`${flag} ${name}: ${why}`);
  });
}
