import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { messageOf } from '../../core/errors.ts';
import { Fields } from '../../core/fields.ts';
import { isObject, type Json } from '../../core/json.ts';
import { formatPlace, formatProblem, type Problem } from '../../core/problem.ts';
import { InvalidInput } from '../errors.ts';
import { settingKeys, settingNames, type SettingKey, type SettingName } from './keys.ts';
import type { SaidValue, SettingLayer } from './layers.ts';

/** Read from the current folder when nobody names another file. */
export const settingsFileName = 'gantry.yaml';

/**
 * What the settings file says; relative paths in it start from its own folder. Without a name it is `gantry.yaml` in the
 * current folder, which need not be there. InvalidInput when a named file cannot be read.
 */
export async function readSettingsFile(name: string | undefined, cwd: string): Promise<SettingLayer> {
  const shown = name ?? settingsFileName;
  const path = resolve(cwd, shown);
  try {
    return await parseSettings(shown, await readFile(path, 'utf8'), dirname(path));
  } catch (error) {
    if (error instanceof InvalidInput) throw error;
    const isAbsent = (error as NodeJS.ErrnoException).code === 'ENOENT';
    if (isAbsent && name === undefined) return { values: {}, problems: [] };
    const why = isAbsent ? 'there is no such file' : messageOf(error);
    throw new InvalidInput(`The settings file ${shown} cannot be read: ${why}`, { cause: error });
  }
}

/** Loads the YAML parser only now: most folders have no such file. */
async function parseSettings(source: string, text: string, folder: string): Promise<SettingLayer> {
  const { readYaml } = await import('../../core/definitions/read-yaml.ts');
  const { documents, problems: faults } = readYaml(source, text);
  const problems: Problem[] = [...faults];
  if (documents.length > 1) {
    problems.push({ message: 'one document is enough for settings', place: documents[1]!.locate([]) });
  }
  const [first] = documents;
  if (!first || first.value === null) return { values: {}, problems: problems.map(formatProblem) };
  if (!isObject(first.value)) {
    problems.push({ message: 'settings are an object: `data: .gantry`', place: first.locate([]) });
    return { values: {}, problems: problems.map(formatProblem) };
  }
  const fields = new Fields(first.value, [], first.locate, problems);
  const values = readValues(fields, folder);
  return { values, problems: problems.map(formatProblem) };
}

function readValues(fields: Fields, folder: string): SettingLayer['values'] {
  const values: Partial<Record<SettingName, SaidValue>> = {};
  const sections = new Map<string, Fields | undefined>();
  for (const name of settingNames) {
    const path = settingKeys[name].key.split('.');
    const [section, key] = path.length > 1 ? [path[0]!, path[1]!] : [undefined, path[0]!];
    if (section && !sections.has(section)) sections.set(section, fields.object(section));
    const owner = section ? sections.get(section) : fields;
    const text = owner && readText(owner, key, settingKeys[name]);
    if (!text) continue;
    values[name] = { text, origin: formatPlace(fields.locate(path)), folder };
  }
  reportTemporal(fields);
  for (const section of sections.values()) section?.finish();
  fields.finish();
  return values;
}

/** A list of texts may stand where the other places have commas. */
function readText(owner: Fields, key: string, { kind }: SettingKey): string | undefined {
  const value = kind === 'list' || kind === 'files' ? owner.find(key) : undefined;
  if (!Array.isArray(value)) return owner.text(key);
  const items = value as readonly Json[];
  const texts = items.filter((item) => typeof item === 'string' && !item.includes(','));
  if (texts.length === items.length) return texts.map(String).join(',');
  owner.report(key, `"${key}" must be a list of texts without commas`);
  return undefined;
}

function reportTemporal(fields: Fields): void {
  const wrong = ['temporal', 'address', 'namespace'].filter((key) => fields.find(key) !== undefined);
  for (const key of wrong) {
    const message = `"${key}" is said by Temporal's own settings: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, temporal.toml`;
    fields.report(key, message, 'key');
  }
}
