import {
  Composer,
  isAlias,
  isCollection,
  isMap,
  isScalar,
  isSeq,
  LineCounter,
  Parser,
  visit,
  type CST,
  type Document as YamlDocument,
  type Node,
  type Pair,
  type Tags,
} from 'yaml';
import type { Locate } from '../fields.ts';
import type { Json } from '../json.ts';
import { messageOf } from '../errors.ts';
import type { Place, Problem } from '../problem.ts';
import type { Document } from './collect-manifests.ts';
import { offsetInScalar } from './locate-in-scalar.ts';

export interface YamlFile {
  readonly documents: readonly Document[];
  readonly problems: readonly Problem[];
}

/**
 * The documents of a YAML (or JSON) text as plain JSON, and where each value stands. Read as Kubernetes reads it: YAML 1.1
 * words and numbers (`yes`, `0644`), but no times and dates. Never throws; a file with any error has no documents.
 */
export function readYaml(source: string, text: string): YamlFile {
  const content = text.replace(/^\uFEFF/, '');
  const lines = new LineCounter();
  const placeAt = (offset: number, end = offset): Place => {
    const { line, col } = lines.linePos(offset);
    const length = lengthOnLine(content, offset, end);
    return { source, line, column: col, ...(length > 0 && { length }) };
  };
  const tokens = [...new Parser(lines.addNewLine).parse(content)];
  const deep = findTooDeep(tokens);
  if (deep !== undefined) return { documents: [], problems: [{ message: tooDeep, place: placeAt(deep) }] };
  const documents = [...new Composer(options).compose(tokens, true, content.length)] as YamlDocument[];
  const problems = documents.flatMap((document) => check(document, placeAt));
  if (problems.length > 0) return { documents: [], problems };
  return convert(documents, content, placeAt);
}

type PlaceAt = (offset: number, end?: number) => Place;

/** How much of a span stands on its first line. */
function lengthOnLine(text: string, start: number, end: number): number {
  const lineEnd = /$/gm;
  lineEnd.lastIndex = start;
  const last = Math.min(end, lineEnd.exec(text)?.index ?? end);
  return text.slice(start, last).trimEnd().length;
}

const maximumDepth = 100;
const tooDeep = `nested deeper than ${maximumDepth} levels`;

const wanted = ['null', 'bool', 'int', 'float', 'str', 'map', 'seq', 'merge'].map(
  (name) => `tag:yaml.org,2002:${name}`,
);
const options = {
  version: '1.1',
  prettyErrors: false,
  uniqueKeys: true,
  logLevel: 'error',
  customTags: (tags: Tags) =>
    tags.filter(
      (tag) =>
        typeof tag === 'object' && wanted.includes(tag.tag) && !('format' in tag && tag.format === 'TIME'),
    ),
} as const;

/** Offset of what is nested too deep. Asked of the tokens: composing them recursively could end the whole process. */
function findTooDeep(tokens: readonly CST.Token[]): number | undefined {
  const pending: { token: CST.Token; depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = pending.pop(); next; next = pending.pop()) {
    const { token, depth } = next;
    if (depth > maximumDepth) return token.offset;
    if (token.type === 'document' && token.value) pending.push({ token: token.value, depth });
    if (!('items' in token)) continue;
    for (const { key, value } of token.items)
      for (const inner of [key, value]) if (inner) pending.push({ token: inner, depth: depth + 1 });
  }
  return undefined;
}

function check(document: YamlDocument, placeAt: PlaceAt): readonly Problem[] {
  const problems: Problem[] = document.errors.map(({ code, message, pos }) => ({
    message: remedies[code] ?? message,
    place: placeAt(...pos),
  }));
  if (problems.length > 0) return problems;
  visit(document, {
    Pair(_, { key }) {
      if (isCollection(key)) problems.push({ message: collectionKey, place: placeOf(key, placeAt) });
    },
    Scalar(_, { value, range }) {
      if (typeof value === 'number' && !Number.isFinite(value))
        problems.push({
          message: `${value} cannot be written as JSON: put it in quotes`,
          place: placeAt(range?.[0] ?? 0, range?.[1]),
        });
    },
  });
  return problems;
}

function placeOf({ range }: Pick<Node, 'range'>, placeAt: PlaceAt): Place {
  return placeAt(range?.[0] ?? 0, range?.[1]);
}

const collectionKey =
  'a key must be text, not a map or a list: put a value that begins with "{" or "[" in quotes';

const remedies: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: 'a tab is not allowed as indentation: use blanks',
  DUPLICATE_KEY: 'the same key twice in one map: remove one',
  BLOCK_AS_IMPLICIT_KEY: 'a map inside a line: put a value that holds ": " in quotes',
};

function convert(documents: readonly YamlDocument[], text: string, placeAt: PlaceAt): YamlFile {
  try {
    const converted = documents.map((document) => ({
      value: document.toJS({ maxAliasCount: 100 }) as Json,
      locate: createLocate(document, text, placeAt),
    }));
    return { documents: converted, problems: [] };
  } catch (error) {
    // An alias without anchor, or aliases that multiply.
    return {
      documents: [],
      problems: [{ message: messageOf(error), place: placeAt(documents[0]?.range?.[0] ?? 0) }],
    };
  }
}

function createLocate(document: YamlDocument, text: string, placeAt: PlaceAt): Locate {
  return (path, part, length = 0) => {
    const { node, key } = walk(document, path);
    if (part === 'key' && key?.range) return placeOf(key, placeAt);
    if (!node?.range) return placeAt(document.range?.[0] ?? 0);
    if (!isScalar(node) || typeof node.value !== 'string' || typeof part !== 'number')
      return placeOf(node, placeAt);
    const [from, to] = node.range;
    const offsetOf = (index: number) => offsetInScalar(text, { from, to }, node.value as string, index);
    return placeAt(offsetOf(part), length > 0 ? offsetOf(part + length - 1) + 1 : undefined);
  };
}

/** The node at a path, or the innermost one on the way that exists. */
function walk(
  document: YamlDocument,
  path: readonly (string | number)[],
): { readonly node: Node | null; readonly key?: Node } {
  let found: { node: Node | null; key?: Node } = { node: document.contents };
  for (const part of path) {
    const parent = found.node && isAlias(found.node) ? found.node.resolve(document) : found.node;
    if (isSeq(parent)) {
      const item = parent.items[Number(part)];
      if (!item) break;
      found = { node: item as Node };
    } else if (isMap(parent)) {
      const pair = (parent.items as Pair<Node, Node | null>[]).find(({ key }) => keyText(key) === part);
      if (!pair) break;
      found = { node: pair.value ?? pair.key, key: pair.key };
    } else break;
  }
  return found;
}

function keyText(key: Node): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}
