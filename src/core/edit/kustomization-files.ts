import { messageOf } from '../errors.ts';
import { formatPath, isObject, type Json, type JsonObject, type JsonPath } from '../json.ts';
import { checkNesting } from './nesting.ts';
import { readValues } from './read-values.ts';

/**
 * What a path in a kustomization leads to: a `file`; a `base`, that is a file or a folder with a kustomization of its
 * own; a `config` of generators or transformers, which names files in turn; a `chart` folder.
 */
export type FileRole = 'file' | 'base' | 'config' | 'chart';

export interface FileReference {
  /** Where it stands, for messages: `configMapGenerator[0].files[1]`. */
  readonly field: string;
  readonly path: string;
  readonly role: FileRole;
}

/**
 * Every path on disk that a kustomization names. Keys match whatever their case, as kustomize reads them. Throws an Error
 * when the text cannot be read, or has what looks like an option for helm where a value belongs.
 */
export function findKustomizationFiles(text: string): readonly FileReference[] {
  return readDocuments(text).flatMap((document) => {
    const lists = Object.entries(listRoles).flatMap(([field, role]) =>
      refer(fieldOf(document, field), [field], role),
    );
    const entries = Object.keys(entryFields).flatMap((field) =>
      listOf(fieldOf(document, field)).flatMap((entry, index) =>
        referEntry(entry, [field, index], entryFields[field]!),
      ),
    );
    return [
      ...lists,
      ...entries,
      ...refer(fieldOf(fieldOf(document, 'openapi'), 'path'), ['openapi', 'path'], 'file'),
      ...charts(document),
    ];
  });
}

/** The same for the config of a generator or transformer: a file of its own, or written inline. */
export function findConfigFiles(text: string): readonly FileReference[] {
  return readDocuments(text).flatMap((document) => [
    ...referEntry(document, [], ['path', 'paths', ...generatorFields, ...chartFields]),
    ...listOf(fieldOf(document, 'replacements')).flatMap((entry, index) =>
      referEntry(entry, ['replacements', index], ['path']),
    ),
    ...(/helm/i.test(textOf(fieldOf(document, 'kind')) ?? '')
      ? charts({ helmCharts: [document], helmGlobals: document })
      : []),
  ]);
}

const listRoles: Readonly<Record<string, FileRole>> = {
  resources: 'base',
  bases: 'base',
  components: 'base',
  crds: 'file',
  configurations: 'file',
  patchesStrategicMerge: 'file',
  generators: 'config',
  transformers: 'config',
  validators: 'config',
};

const generatorFields = ['files', 'envs', 'env'];

const chartFields = ['valuesFile', 'additionalValuesFiles', 'values'];

const entryFields: Readonly<Record<string, readonly string[]>> = {
  patches: ['path'],
  patchesJson6902: ['path'],
  replacements: ['path'],
  configMapGenerator: generatorFields,
  secretGenerator: generatorFields,
  helmCharts: chartFields,
  helmChartInflationGenerator: chartFields,
};

function charts(document: JsonObject): readonly FileReference[] {
  const globals = fieldOf(document, 'helmGlobals');
  const found = ['helmCharts', 'helmChartInflationGenerator'].flatMap((field) =>
    listOf(fieldOf(document, field)).flatMap((chart, index) => referChart(chart, [field, index], globals)),
  );
  return [...found, ...refer(fieldOf(globals, 'configHome'), ['helmGlobals', 'configHome'], 'file')];
}

function referChart(chart: Json, at: JsonPath, globals: Json | undefined): readonly FileReference[] {
  if (!isObject(chart)) return [];
  const option = Object.entries(chart).find(
    ([, value]) => typeof value === 'string' && value.startsWith('-'),
  );
  // helm would take it for one, and some of its options run programs.
  if (option) throw new Error(`${formatPath([...at, option[0]])} may not begin with "-"`);
  const home = textOf(fieldOf(chart, 'chartHome')) ?? textOf(fieldOf(globals, 'chartHome')) ?? 'charts';
  const name = textOf(fieldOf(chart, 'name')) ?? textOf(fieldOf(chart, 'chartName')) ?? '';
  return [{ field: formatPath([...at, 'name']), path: `${home}/${name}`, role: 'chart' }];
}

function referEntry(entry: Json, at: JsonPath, fields: readonly string[]): readonly FileReference[] {
  return fields.flatMap((field) => refer(fieldOf(entry, field), [...at, field], 'file'));
}

/** A text or a list of texts. `key=path` may be either a key and a path, or a path. */
function refer(value: Json | undefined, at: JsonPath, role: FileRole): readonly FileReference[] {
  if (Array.isArray(value)) return value.flatMap((item: Json, index) => refer(item, [...at, index], role));
  if (typeof value !== 'string') return [];
  const field = formatPath(at);
  // A config, and an old patch, may stand in the list itself.
  if (value.includes('\n')) return role === 'config' ? findConfigFiles(value) : [];
  const behindKey = value.slice(value.indexOf('=') + 1);
  return [...new Set([value, behindKey])].map((path) => ({ field, path, role }));
}

function readDocuments(text: string): readonly JsonObject[] {
  // Its advice stands by itself.
  checkNesting(text);
  try {
    return readValues(text).filter((value) => isObject(value));
  } catch (error) {
    throw new Error(`is no YAML that can be checked: ${messageOf(error)}`, { cause: error });
  }
}

function fieldOf(value: Json | undefined, name: string): Json | undefined {
  if (!isObject(value)) return undefined;
  return Object.entries(value).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}

function listOf(value: Json | undefined): readonly Json[] {
  return Array.isArray(value) ? (value as readonly Json[]) : [];
}

function textOf(value: Json | undefined): string | undefined {
  return typeof value === 'string' && value ? value : undefined;
}
