import { parseAllDocuments } from 'yaml';
import { isObject, type Json } from '../json.ts';
import { checkNesting } from './nesting.ts';

/**
 * The repositories that a Chart.yaml, Chart.lock or requirements file names. Keys match whatever their case, as helm
 * reads them. Throws an Error when the text cannot be read.
 */
export function findChartRepositories(text: string): readonly string[] {
  checkNesting(text);
  const parsed = parseAllDocuments(text, {
    version: '1.1',
    merge: true,
    logLevel: 'silent',
    prettyErrors: false,
  });
  const documents = Array.isArray(parsed) ? parsed : [];
  const [broken] = documents.flatMap(({ errors }) => errors);
  if (broken) throw new Error(broken.message);
  return documents
    .flatMap((document) => valuesOf((document.toJS() ?? null) as Json, 'dependencies'))
    .flatMap((list) => (Array.isArray(list) ? (list as readonly Json[]) : []))
    .flatMap((dependency) => valuesOf(dependency, 'repository'))
    .filter((repository) => typeof repository === 'string');
}

function valuesOf(value: Json, key: string): readonly Json[] {
  const entries = isObject(value) ? Object.entries(value) : [];
  return entries.flatMap(([name, inner]) => (name.toLowerCase() === key ? [inner] : []));
}
