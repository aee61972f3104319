import { LineCounter, parseAllDocuments, type Document, type ErrorCode } from 'yaml';
import { isObject, type Json } from '../json.ts';

/** A YAML text, taken apart without losing a byte: offsets of its nodes lead back into the text. */
export interface YamlText {
  readonly text: string;
  readonly documents: readonly Document.Parsed[];
  /** `line 3, column 5`, both from 1, of an offset. */
  position(offset: number): string;
}

/** Takes a text apart. Throws an Error that names line and column when it is no YAML or has a key twice. */
export function parseYaml(text: string): YamlText {
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    keepSourceTokens: true,
    uniqueKeys: true,
    lineCounter: lines,
    prettyErrors: false,
  });
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `line ${line}, column ${col}`;
  };
  const documents = Array.isArray(parsed) ? (parsed as Document.Parsed[]) : [];
  const problems = documents.flatMap(({ errors }) => errors);
  if (problems.length > 0) {
    throw new Error(
      problems.map(({ code, message, pos }) => `${position(pos[0])}: ${explain(code, message)}`).join('; '),
    );
  }
  return { text, documents, position };
}

/** The values of all documents, as plain JSON. */
export function valuesOf({ documents }: YamlText): readonly Json[] {
  return documents.map((document) => toJson(document));
}

/** Says whether two values are the same, whatever the order of their keys. */
export function sameJson(a: Json, b: Json): boolean {
  return JSON.stringify(a, sortKeys) === JSON.stringify(b, sortKeys);
}

function sortKeys(_key: string, value: unknown): unknown {
  return isObject(value) ? Object.fromEntries(Object.entries(value as object).sort(byName)) : value;
}

function byName([a]: [string, unknown], [b]: [string, unknown]): number {
  return a < b ? -1 : 1;
}

function toJson(document: Document.Parsed): Json {
  return (document.toJS() ?? null) as Json;
}

function explain(code: ErrorCode, message: string): string {
  return code === 'DUPLICATE_KEY' ? 'a key stands here twice' : message;
}
