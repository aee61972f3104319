import { readFile, stat } from 'node:fs/promises';
import { resolve } from 'node:path';
import { openList, type Document } from '../core/definitions/collect-manifests.ts';
import { readYaml } from '../core/definitions/read-yaml.ts';
import { kindOf, shorten } from '../core/fields.ts';
import { parseFreight } from '../core/freight/parse-freight.ts';
import { isObject, type JsonObject } from '../core/json.ts';
import { errorsOf, type Problem } from '../core/problem.ts';
import { InvalidInput } from './errors.ts';
import { explainProblems } from './explain-problems.ts';

/**
 * What `--freight` means: the Freight in a file when there is such a file (YAML or JSON: a manifest, several, or a
 * list of them), else a name or alias as it is. InvalidInput shows everything that is wrong with the file, in its place.
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
  const { documents, problems } = readYaml(name, text);
  const items = documents.flatMap(openList).filter(({ value }) => value !== null);
  const found = [...problems, ...items.flatMap(checkFreight)];
  if (items.length + problems.length === 0)
    found.push({ message: 'there is no Freight in it', place: { source: name } });
  const errors = errorsOf(found);
  if (errors.length > 0) throw new InvalidInput(explainProblems(errors, [{ name, text }]));
  return items.map(({ value }) => value as JsonObject);
}

function checkFreight({ value, locate }: Document): readonly Problem[] {
  if (!isObject(value)) return [{ message: `${kindOf(value)} where Freight is expected`, place: locate([]) }];
  const { kind = 'Freight' } = value;
  if (kind === 'Freight') return parseFreight(value, locate).problems;
  const what = typeof kind === 'string' ? shorten(kind) : kindOf(kind);
  return [{ message: `kind ${what} where Freight is expected`, place: locate(['kind']) }];
}
