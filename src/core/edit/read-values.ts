import { LineCounter, parseAllDocuments } from 'yaml';
import type { Json } from '../json.ts';
import { checkNesting } from './nesting.ts';

/**
 * The values of all documents, as kustomize and helm read them: YAML 1.1 with merge keys. Throws an Error with line and
 * column of the first fault.
 */
export function readValues(text: string): readonly Json[] {
  checkNesting(text);
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    version: '1.1',
    merge: true,
    logLevel: 'silent',
    lineCounter: lines,
    prettyErrors: false,
  });
  const documents = Array.isArray(parsed) ? parsed : [];
  return documents.map((document) => {
    const [fault] = document.errors;
    if (!fault) return (document.toJS() ?? null) as Json;
    const { line, col } = lines.linePos(fault.pos[0]);
    throw new Error(`line ${line}, column ${col}: ${fault.message}`, { cause: fault });
  });
}
