import { parseCall } from './parse-call.ts';
import { parseNumber } from './parse-number.ts';
import { parsePostfix } from './parse-postfix.ts';
import type { Parser } from './parser.ts';
import { unary } from './precedence.ts';
import type { ArrayNode, ConstantNode, MapNode, NameNode, Node, PointerNode, UnaryNode } from './tree.ts';
import type { Token } from './lexer.ts';
import type { Value } from './values.ts';

const literals: ReadonlyMap<string, Value> = new Map<string, Value>([
  ['true', true],
  ['false', false],
  ['nil', null],
]);

/** What operators stand between: a literal, a name, a call, something in brackets, with all that is attached to it. */
export function parsePrimary(parser: Parser): Node {
  const { cursor } = parser;
  const { kind, text, start } = cursor.current;
  const level = kind === 'operator' ? unary.get(text) : undefined;
  if (level !== undefined) {
    cursor.next();
    const operand = parser.expression(level);
    return parsePostfix(parser, cursor.node<UnaryNode>({ kind: 'unary', operator: text, operand, start }));
  }
  if (cursor.take('(')) {
    const inner = parser.sequence();
    cursor.expect(')');
    return parsePostfix(parser, inner);
  }
  if (cursor.predicates > 0 && (cursor.is('#') || cursor.is('.')))
    return parsePostfix(parser, parsePointer(parser));
  if (cursor.take('::')) return parsePostfix(parser, parseCall(parser, cursor.expectName(), []));
  return parseSecondary(parser);
}

function parsePointer({ cursor }: Parser): Node {
  const { start } = cursor.current;
  const name = cursor.take('#') && cursor.current.kind === 'name' ? cursor.next().text : '';
  return cursor.node<PointerNode>({ kind: 'pointer', name, start });
}

function parseSecondary(parser: Parser): Node {
  const { cursor } = parser;
  const { kind, text, bytes, start } = cursor.current;
  if (kind === 'number') {
    const value = parseNumber(cursor.next());
    return cursor.node<ConstantNode>({ kind: 'constant', value, start });
  }
  if (kind === 'name') return parseName(parser, cursor.next());
  if (kind === 'text' || kind === 'bytes') {
    cursor.next();
    return parsePostfix(parser, cursor.node<ConstantNode>({ kind: 'constant', value: bytes ?? text, start }));
  }
  if (cursor.is('[')) return parsePostfix(parser, parseArray(parser));
  if (cursor.is('{')) return parsePostfix(parser, parseMap(parser));
  return cursor.unexpected();
}

function parseName(parser: Parser, { text, start }: Token): Node {
  const { cursor } = parser;
  const value = literals.get(text);
  // Literals take nothing after them: `true.x` is an error, `(nil).x` is not.
  if (value !== undefined) return cursor.node<ConstantNode>({ kind: 'constant', value, start });
  if (cursor.is('('))
    return parsePostfix(parser, parseCall(parser, { kind: 'name', text, start, end: start }, []));
  return parsePostfix(parser, cursor.node<NameNode>({ kind: 'name', name: text, start }));
}

function parseArray(parser: Parser): Node {
  const { cursor } = parser;
  const { start } = cursor.next();
  const items: Node[] = [];
  while (!cursor.is(']')) {
    if (items.length > 0) {
      cursor.expect(',', ']');
      if (cursor.is(']')) break;
    }
    items.push(parser.expression(0));
  }
  cursor.expect(']');
  return cursor.node<ArrayNode>({ kind: 'array', items, start });
}

function parseMap(parser: Parser): Node {
  const { cursor } = parser;
  const { start } = cursor.next();
  const items: Node[] = [];
  while (!cursor.is('}')) {
    if (items.length > 0) {
      cursor.expect(',', '}');
      if (cursor.is('}')) break;
    }
    items.push(parseKey(parser));
    cursor.expect(':');
    items.push(parser.expression(0));
    // A pair counts as a part of its own.
    cursor.node<ConstantNode>({ kind: 'constant', value: null, start });
  }
  cursor.expect('}');
  return cursor.node<MapNode>({ kind: 'map', items, start });
}

/** A name, number or text as it is written, or an expression in parentheses. */
function parseKey(parser: Parser): Node {
  const { cursor } = parser;
  const { kind, text, start } = cursor.current;
  if (cursor.is('(')) return parser.expression(0);
  if (kind !== 'name' && kind !== 'number' && kind !== 'text') {
    cursor.fail('a map key must be a name, a text, a number or an expression in parentheses');
  }
  cursor.next();
  return cursor.node<ConstantNode>({ kind: 'constant', value: text, start });
}
