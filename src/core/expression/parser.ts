import { Cursor } from './cursor.ts';
import { comparisons, negatable, precedenceOf } from './precedence.ts';
import { parseCall } from './parse-call.ts';
import { parsePrimary } from './parse-primary.ts';
import type { BinaryNode, ConditionalNode, LetNode, Node, SequenceNode, UnaryNode } from './tree.ts';

/** The parts of the parser that call each other. */
export interface Parser {
  readonly cursor: Cursor;
  /** An expression whose operators bind at least that tightly; 0 allows `let`, `if` and `?:`. */
  expression(precedence: number): Node;
  /** Expressions separated by semicolons. */
  sequence(): Node;
}

/** The tree of an expression. Throws an ExpressionError of stage `compile`, with the offset of the first fault. */
export function parse(source: string): Node {
  const cursor = new Cursor(source);
  const parser: Parser = {
    cursor,
    expression: (precedence) => cursor.nested(() => parseExpression(parser, precedence)),
    sequence: () => parseSequence(parser),
  };
  const tree = parser.sequence();
  if (cursor.current.kind !== 'end') cursor.unexpected();
  return tree;
}

function parseSequence(parser: Parser): Node {
  const { cursor } = parser;
  const { start } = cursor.current;
  const items = [parser.expression(0)];
  while (cursor.take(';')) {
    if (cursor.current.kind === 'end') break;
    items.push(parser.expression(0));
  }
  return items.length === 1 ? items[0]! : cursor.node<SequenceNode>({ kind: 'sequence', items, start });
}

function parseExpression(parser: Parser, precedence: number): Node {
  const { cursor } = parser;
  if (precedence === 0 && cursor.is('let')) return parseLet(parser);
  if (precedence === 0 && cursor.is('if')) return parseIf(parser);
  const node = parseBinary(parser, parsePrimary(parser), precedence);
  return precedence === 0 ? parseConditional(parser, node) : node;
}

function parseBinary(parser: Parser, first: Node, precedence: number): Node {
  const { cursor } = parser;
  let left = first;
  let previous = '';
  for (;;) {
    const negated = cursor.is('not');
    const { kind, text, start: at } = negated ? cursor.following : cursor.current;
    if (negated && !negatable.has(text)) cursor.unexpected();
    const level = kind === 'operator' ? precedenceOf(text) : undefined;
    if (level === undefined || level < precedence) return left;
    if (negated) cursor.next();
    cursor.next();
    const { start } = left;
    if (text === '|') {
      left = parseCall(parser, cursor.expectName(), [left]);
    } else if (previous === '??' && text !== '??') {
      cursor.fail(`?? cannot be mixed with ${text}: wrap either in parentheses`, at);
    } else if (comparisons.has(text)) {
      left = parseComparison(parser, left, text, level);
    } else {
      const right = parser.expression(text === '**' || text === '^' ? level : level + 1);
      left = cursor.node<BinaryNode>({ kind: 'binary', operator: text, left, right, start });
      if (negated) left = cursor.node<UnaryNode>({ kind: 'unary', operator: 'not', operand: left, start });
    }
    previous = text;
  }
}

/** `1 < x < 3` means `1 < x && x < 3`. */
function parseComparison(parser: Parser, first: Node, operator: string, level: number): Node {
  const { cursor } = parser;
  const { start } = first;
  let root: Node | undefined;
  let left = first;
  let sign = operator;
  for (;;) {
    const right = parser.expression(level + 1);
    const link = cursor.node<BinaryNode>({ kind: 'binary', operator: sign, left, right, start: left.start });
    root = root
      ? cursor.node<BinaryNode>({ kind: 'binary', operator: '&&', left: root, right: link, start })
      : link;
    left = right;
    if (cursor.current.kind !== 'operator' || !comparisons.has(cursor.current.text)) return root;
    sign = cursor.next().text;
  }
}

function parseConditional(parser: Parser, node: Node): Node {
  const { cursor } = parser;
  let condition = node;
  while (cursor.take('?')) {
    const yes = cursor.is(':') ? condition : parser.expression(0);
    cursor.expect(':');
    const no = parser.expression(0);
    const { start } = condition;
    condition = cursor.node<ConditionalNode>({ kind: 'conditional', condition, yes, no, start });
  }
  return condition;
}

function parseLet(parser: Parser): Node {
  const { cursor } = parser;
  const { start } = cursor.next();
  const name = cursor.expectName().text;
  cursor.expect('=');
  const value = parser.expression(0);
  cursor.expect(';');
  return cursor.node<LetNode>({
    kind: 'let',
    name,
    value,
    body: parser.sequence(),
    start,
  });
}

function parseIf(parser: Parser): Node {
  const { cursor } = parser;
  const { start } = cursor.next();
  const condition = parser.expression(0);
  const yes = parseBlock(parser);
  cursor.expect('else');
  const no = cursor.is('if') ? cursor.nested(() => parseIf(parser)) : parseBlock(parser);
  return { kind: 'conditional', condition, yes, no, start, end: no.end };
}

function parseBlock(parser: Parser): Node {
  parser.cursor.expect('{');
  const body = parser.sequence();
  parser.cursor.expect('}');
  return body;
}
