import { isObject, type Json } from '../json.ts';
import { readValues } from './read-values.ts';

/**
 * The repositories that a Chart.yaml, Chart.lock or requirements file names. Keys match whatever their case, as helm
 * reads them. Throws an Error when the text cannot be read.
 */
export function findChartRepositories(text: string): readonly string[] {
  return readValues(text)
    .flatMap((value) => valuesOf(value, 'dependencies'))
    .flatMap((list) => (Array.isArray(list) ? (list as readonly Json[]) : []))
    .flatMap((dependency) => valuesOf(dependency, 'repository'))
    .filter((repository) => typeof repository === 'string');
}

function valuesOf(value: Json, key: string): readonly Json[] {
  const entries = isObject(value) ? Object.entries(value) : [];
  return entries.flatMap(([name, inner]) => (name.toLowerCase() === key ? [inner] : []));
}
