import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isObject, type JsonObject } from '../core/json.ts';
import { InvalidInput } from './errors.ts';

/**
 * What `--freight` means: the Freight in a file when there is such a file (YAML or JSON: a manifest, several, or a
 * list of them), else a name or alias as it is.
 */
export async function readFreightArgument(
  argument: string,
  cwd: string,
): Promise<string | readonly JsonObject[]> {
  const path = resolve(cwd, argument);
  const isFile = await stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
  if (isFile) return parseFreightFile(argument, await readFile(path, 'utf8'));
  if (/[/\\]|\.(ya?ml|json)$/i.test(argument)) {
    throw new InvalidInput(
      `--freight ${argument}: there is no such file (a name or alias of Freight has no / in it)`,
    );
  }
  return argument;
}

function parseFreightFile(name: string, text: string): readonly JsonObject[] {
  const documents = parseAllDocuments(text);
  const error = 'empty' in documents ? undefined : documents.flatMap((document) => document.errors)[0];
  if (error) throw new InvalidInput(`${name}: ${error.message.trimEnd()}`);
  const values = [...documents].flatMap((document) => document.toJS({ maxAliasCount: 100 }) as unknown);
  const freight = values.flat().filter((value) => value !== null);
  if (freight.length === 0) throw new InvalidInput(`${name}: there is no Freight in it`);
  const stranger = freight.find((value) => !isObject(value) || (value['kind'] ?? 'Freight') !== 'Freight');
  if (stranger !== undefined)
    throw new InvalidInput(`${name}: holds ${kindOf(stranger)} where Freight is expected`);
  return freight as JsonObject[];
}

function kindOf(value: unknown): string {
  return isObject(value) && typeof value['kind'] === 'string' ? `a ${value['kind']}` : `a ${typeof value}`;
}
