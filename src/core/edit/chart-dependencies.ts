import { isObject, type Json } from '../json.ts';
import { readValues } from './read-values.ts';
import { updateYaml, type YamlEdit } from './yaml-update.ts';

/** Where a chart says that a dependency comes from. */
export interface ChartRepository {
  readonly name: string;
  readonly repository: string;
}

/**
 * The repositories that a Chart.yaml, Chart.lock or requirements file names. Keys match whatever their case, as helm
 * reads them. Throws an Error when the text cannot be read.
 */
export function findChartRepositories(text: string): readonly ChartRepository[] {
  return readValues(text)
    .flatMap((value) => valuesOf(value, 'dependencies'))
    .flatMap((list) => (Array.isArray(list) ? (list as readonly Json[]) : []))
    .flatMap((dependency) => {
      const [name = ''] = valuesOf(dependency, 'name');
      return valuesOf(dependency, 'repository').map((repository) => ({ name: textOf(name), repository }));
    })
    .filter((one): one is ChartRepository => typeof one.repository === 'string');
}

/** A dependency and the version it is to have. */
export interface ChartUpdate extends ChartRepository {
  readonly version: string;
}

/**
 * A Chart.yaml with other versions; everything else in it stays byte for byte. Every dependency with this name from this
 * repository gets the version, whatever its alias. Throws an Error that names each update that no dependency fits.
 */
export function setDependencyVersions(text: string, updates: readonly ChartUpdate[]): string {
  const dependencies = readDependencies(text);
  const problems: string[] = [];
  const edits = updates.flatMap(({ name, repository, version }): readonly YamlEdit[] => {
    const found = dependencies.flatMap((one, index) =>
      one.name === name && one.repository === repository ? [index] : [],
    );
    if (found.length === 0) problems.push(`no dependency is named "${name}" and comes from "${repository}"`);
    return found.map((index) => ({ path: ['dependencies', index, 'version'], value: version }));
  });
  if (problems.length > 0) throw new Error(problems.join('; '));
  return updateYaml(text, edits);
}

/** Versions of a Chart.lock, in its order. */
export function readLockedVersions(text: string): readonly LockedVersion[] {
  return readDependencies(text).map(({ name, version }) => ({ name, version }));
}

export interface LockedVersion {
  readonly name: string;
  readonly version: string;
}

/** What changed between two locks, one line each: `name: old -> new`, `name: new` or `name: removed`. */
export function compareLocks(
  before: readonly LockedVersion[],
  after: readonly LockedVersion[],
): readonly string[] {
  const names = [...new Set([...after, ...before].map(({ name }) => name))];
  const versionsOf = (lock: readonly LockedVersion[], name: string) => [
    ...new Set(lock.filter((one) => one.name === name).map(({ version }) => version)),
  ];
  return names.flatMap((name) => {
    const [old, now] = [versionsOf(before, name).join(', '), versionsOf(after, name).join(', ')];
    if (old === now) return [];
    if (now === '') return [`${name}: removed`];
    return [old === '' ? `${name}: ${now}` : `${name}: ${old} -> ${now}`];
  });
}

/** The entries of `dependencies` by their place; what is no entry has no name. */
function readDependencies(text: string): readonly ChartUpdate[] {
  const [document = null] = readValues(text);
  const [list] = valuesOf(document, 'dependencies');
  return (Array.isArray(list) ? (list as readonly Json[]) : []).map((entry) => {
    const { name, repository, version } = isObject(entry) ? entry : {};
    return { name: textOf(name), repository: textOf(repository), version: textOf(version) };
  });
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

function valuesOf(value: Json, key: string): readonly Json[] {
  const entries = isObject(value) ? Object.entries(value) : [];
  return entries.flatMap(([name, inner]) => (name.toLowerCase() === key ? [inner] : []));
}
