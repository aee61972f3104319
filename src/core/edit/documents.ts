import { isCollection, isMap, isPair, isScalar, LineCounter, parseAllDocuments, type Document } from 'yaml';
import { isObject, type Json } from '../json.ts';
import { checkNesting } from './nesting.ts';

/** A YAML text, taken apart without losing a byte: offsets of its nodes lead back into the text. */
export interface YamlText {
  readonly text: string;
  readonly documents: readonly Document.Parsed[];
  /** `line 3, column 5`, both from 1, of an offset. */
  position(offset: number): string;
}

/**
 * Takes a text apart; `tags` are those to know beside the core ones. Throws an Error that names line and column when it is
 * no YAML or has a key twice.
 */
export function parseYaml(text: string, tags: readonly ('binary' | 'merge')[] = []): YamlText {
  checkNesting(text);
  const lines = new LineCounter();
  const parsed = parseAllDocuments(text, {
    // Its own check takes the square of a map's length.
    uniqueKeys: false,
    lineCounter: lines,
    prettyErrors: false,
    customTags: [...tags],
  });
  const position = (offset: number) => {
    const { line, col } = lines.linePos(offset);
    return `line ${line}, column ${col}`;
  };
  const documents = Array.isArray(parsed) ? (parsed as Document.Parsed[]) : [];
  const broken = documents
    .flatMap(({ errors }) => errors)
    .map(({ message, pos }) => ({ at: pos[0], message }));
  const problems =
    broken.length > 0 ? broken : documents.flatMap(({ contents }) => findRepeatedKeys(contents));
  if (problems.length > 0)
    throw new Error(problems.map(({ at, message }) => `${position(at)}: ${message}`).join('; '));
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

interface Problem {
  readonly at: number;
  readonly message: string;
}

function findRepeatedKeys(node: unknown): readonly Problem[] {
  if (isPair(node)) return [...findRepeatedKeys(node.key), ...findRepeatedKeys(node.value)];
  if (!isCollection(node)) return [];
  const keys = new Set<unknown>();
  const repeated = (isMap(node) ? node.items : []).flatMap(({ key }) => {
    if (!isScalar(key)) return [];
    const isNew = !keys.has(key.value);
    keys.add(key.value);
    return isNew ? [] : [{ at: key.range?.[0] ?? 0, message: 'a key stands here twice' }];
  });
  return [...repeated, ...node.items.flatMap(findRepeatedKeys)];
}
