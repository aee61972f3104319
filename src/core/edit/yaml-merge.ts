import { isMap, parseAllDocuments, visit, type Document, type Node } from 'yaml';
import { messageOf } from '../errors.ts';
import { parseYaml, sameJson } from './documents.ts';
import { expandAliases, hasAliases } from './expand-aliases.ts';
import { mergeNodes } from './merge-nodes.ts';
import { readValues } from './read-values.ts';
import { lineBreakOf } from './splice.ts';

/** A text to be merged, and what it is called in messages. */
export interface MergeSource {
  readonly name: string;
  readonly text: string;
}

/**
 * One YAML text of the first documents of several, later ones winning: maps are merged, a null deletes its key, all else is
 * replaced; lists of Kubernetes objects that have a merge key (containers, ports, env) are merged by it. Values keep the
 * spelling they have. Line ends, and a byte order mark, are those of the first text that is not empty. Throws an Error that
 * names the source, with line and column where it is no YAML.
 */
export function mergeYaml(names: readonly string[], texts: readonly string[]): string {
  const sources = names.map((name, index) => ({ name, text: texts[index] ?? '' }));
  const filled = sources.filter(({ name, text }) => openFirst(name, text) !== undefined);
  const [first] = filled;
  if (!first) return '';
  return inLayoutOf(first.text, mergeFilled(filled));
}

function mergeFilled(filled: readonly MergeSource[]): string {
  const [first, ...others] = filled as readonly [MergeSource, ...MergeSource[]];
  const kept = mergeAll(filled, false);
  if (others.length === 0 || !hasAliases(openFirst(first.name, first.text)!)) return print(kept);
  const expanded = print(mergeAll(filled, true));
  const text = tryPrint(kept);
  // What an alias stands for may not change because its anchor did.
  return text !== undefined && sameJson(readValues(text), readValues(expanded)) ? text : expanded;
}

function inLayoutOf(model: string, text: string): string {
  const mark = model.startsWith('\uFEFF') ? '\uFEFF' : '';
  return mark + text.replace(/\r?\n/g, lineBreakOf(model));
}

function mergeAll([base, ...others]: readonly MergeSource[], expands: boolean): Document {
  const document = openFirst(base!.name, base!.text)!;
  if (expands) expandAliases(document);
  for (const { name, text } of others) {
    const overlay = openFirst(name, text);
    if (!overlay) continue;
    expandAliases(overlay);
    if (isMap(overlay.contents) !== isMap(document.contents))
      throw new Error(`${name}: one of the files is a map and the other is not: they cannot be merged`);
    document.contents = mergeNodes(document.contents, overlay.contents) as Node;
  }
  return document;
}

/** The first document; undefined when it is empty. All plain values are read as the text they are. */
function openFirst(name: string, text: string): Document | undefined {
  try {
    parseYaml(text);
    const parsed = parseAllDocuments(text, { schema: 'failsafe', uniqueKeys: false, logLevel: 'silent' });
    const [document] = Array.isArray(parsed) ? (parsed as Document[]) : [];
    if (document?.directives) document.directives.docStart = null;
    return isEmpty(document) ? undefined : document;
  } catch (error) {
    throw new Error(`${name}: ${messageOf(error)}`, { cause: error });
  }
}

function isEmpty(document: Document | undefined): boolean {
  if (!document?.contents) return true;
  const { contents } = document as { contents: { source?: string; type?: string } };
  return contents.type === 'PLAIN' && (contents.source ?? '') === '';
}

function tryPrint(document: Document): string | undefined {
  try {
    return print(document);
  } catch {
    // An anchor went that an alias needs.
    return undefined;
  }
}

function print(document: Document): string {
  visit(document, {
    Scalar(_key, node) {
      if (node.type === 'PLAIN' && node.value === '') node.value = 'null';
    },
  });
  return document.toString({ lineWidth: 0, indentSeq: false, flowCollectionPadding: false });
}
