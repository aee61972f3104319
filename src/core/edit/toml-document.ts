import { parseTOML, ParseError, type AST } from 'toml-eslint-parser';
import { positionIn } from '../extract/position.ts';

/** A TOML document as a tree of values; scalars know where they stand. */
export type TomlNode = TomlTable | TomlList | TomlScalar;

export interface TomlTable {
  readonly kind: 'table';
  readonly entries: Map<string, TomlNode>;
}

export interface TomlList {
  readonly kind: 'list';
  readonly items: TomlNode[];
}

export interface TomlScalar {
  readonly kind: 'scalar';
  readonly scalar: AST.TOMLValue;
  /** As written. */
  readonly text: string;
  /** Offsets of the text that was given, a byte order mark included. */
  readonly from: number;
  readonly to: number;
}

export interface TomlDocument {
  readonly root: TomlTable;
}

/** Takes a text apart; a byte order mark is allowed. Throws an Error with line and column when it is no TOML. */
export function readTomlDocument(text: string): TomlDocument {
  const shift = text.startsWith('\uFEFF') ? 1 : 0;
  const content = text.slice(shift);
  const program = parseContent(content);
  const root: TomlTable = { kind: 'table', entries: new Map() };
  for (const node of program.body[0].body) {
    const table = node.type === 'TOMLTable' ? reach(root, node.resolvedKey) : root;
    const pairs = node.type === 'TOMLTable' ? node.body : [node];
    for (const pair of pairs) addPair(table, pair, content, shift);
  }
  return { root };
}

function parseContent(content: string): AST.TOMLProgram {
  try {
    return parseTOML(content, { tomlVersion: '1.0' });
  } catch (error) {
    if (error instanceof RangeError) throw new Error('the TOML is nested too deeply', { cause: error });
    if (!(error instanceof ParseError)) throw error;
    const { message } = error;
    const words = message.charAt(0).toLowerCase() + message.slice(1);
    throw new Error(`${positionIn(content, error.index)}: ${words}`, { cause: error });
  }
}

/** The table that a header or a dotted key names; made where it is not there yet. */
function reach(root: TomlTable, path: readonly (string | number)[]): TomlTable {
  let node: TomlNode = root;
  for (const [index, part] of path.entries()) {
    const make = (): TomlNode =>
      typeof path[index + 1] === 'number'
        ? { kind: 'list', items: [] }
        : { kind: 'table', entries: new Map() };
    node = childOf(node, part) ?? addChild(node, part, make());
  }
  return node as TomlTable;
}

function childOf(node: TomlNode, part: string | number): TomlNode | undefined {
  if (node.kind === 'list') return node.items[Number(part)];
  return node.kind === 'table' ? node.entries.get(String(part)) : undefined;
}

function addChild(node: TomlNode, part: string | number, child: TomlNode): TomlNode {
  if (node.kind === 'list') node.items.push(child);
  if (node.kind === 'table') node.entries.set(String(part), child);
  return child;
}

function addPair(table: TomlTable, { key, value }: AST.TOMLKeyValue, text: string, shift: number): void {
  const names = key.keys.map((part) => (part.type === 'TOMLBare' ? part.name : part.value));
  reach(table, names.slice(0, -1)).entries.set(names.at(-1)!, nodeOf(value, text, shift));
}

function nodeOf(value: AST.TOMLContentNode, text: string, shift: number): TomlNode {
  if (value.type === 'TOMLArray')
    return { kind: 'list', items: value.elements.map((item) => nodeOf(item, text, shift)) };
  if (value.type === 'TOMLInlineTable') {
    const table: TomlTable = { kind: 'table', entries: new Map() };
    for (const pair of value.body) addPair(table, pair, text, shift);
    return table;
  }
  const [from, to] = value.range;
  return { kind: 'scalar', scalar: value, text: text.slice(from, to), from: from + shift, to: to + shift };
}
