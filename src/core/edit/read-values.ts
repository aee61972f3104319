import { parseAllDocuments } from 'yaml';
import type { Json } from '../json.ts';
import { checkNesting } from './nesting.ts';

/** The values of all documents, as kustomize and helm read them: YAML 1.1 with merge keys. Throws the first error as it is. */
export function readValues(text: string): readonly Json[] {
  checkNesting(text);
  const parsed = parseAllDocuments(text, {
    version: '1.1',
    merge: true,
    logLevel: 'silent',
    prettyErrors: false,
  });
  const documents = Array.isArray(parsed) ? parsed : [];
  return documents.map((document) => {
    if (document.errors.length > 0) throw document.errors[0]!;
    return (document.toJS() ?? null) as Json;
  });
}
