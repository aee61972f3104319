import { parseArguments } from './parse-call.ts';
import type { Parser } from './parser.ts';
import type { CallNode, ChainNode, ConstantNode, MemberNode, Node, SliceNode } from './tree.ts';

/** What follows a value: `.name`, `?.name`, `[i]`, `?.[i]`, `[a:b]`, and calls of members. */
export function parsePostfix(parser: Parser, first: Node): Node {
  const { cursor } = parser;
  let node = first;
  for (;;) {
    if (cursor.is('[')) {
      node = parseBracket(parser, node, false);
    } else if (cursor.is('?.') && cursor.following.kind === 'bracket' && cursor.following.text === '[') {
      cursor.next();
      node = parseBracket(parser, node, true);
    } else if (cursor.is('.') || cursor.is('?.')) {
      node = parseMember(parser, node);
    } else {
      return node;
    }
  }
}

function parseMember(parser: Parser, node: Node): Node {
  const { cursor } = parser;
  const isOptional = cursor.next().text === '?.';
  const { kind, text, start: at } = cursor.current;
  if (kind !== 'name' && !(kind === 'operator' && /^\w+$/.test(text)))
    cursor.fail('expected a name after the dot');
  cursor.next();
  const property = cursor.node<ConstantNode>({ kind: 'constant', value: text, start: at });
  const isChain = node.kind === 'chain';
  const base = isChain ? node.body : node;
  const { start } = node;
  let member: Node = cursor.node<MemberNode>({ kind: 'member', base, property, isOptional, start });
  if (cursor.is('(')) {
    const args = parseArguments(parser, []);
    member = cursor.node<CallNode>({ kind: 'call', callee: member, arguments: args, start });
  }
  return isChain || isOptional ? cursor.node<ChainNode>({ kind: 'chain', body: member, start }) : member;
}

function parseBracket(parser: Parser, base: Node, isOptional: boolean): Node {
  const { cursor } = parser;
  const { start } = base;
  cursor.expect('[');
  const from = cursor.is(':') ? undefined : parser.expression(0);
  if (cursor.take(':')) {
    const to = cursor.is(']') ? undefined : parser.expression(0);
    cursor.expect(']');
    return cursor.node<SliceNode>({ kind: 'slice', base, from, to, start });
  }
  cursor.expect(']');
  const member = cursor.node<MemberNode>({ kind: 'member', base, property: from!, isOptional, start });
  return isOptional ? cursor.node<ChainNode>({ kind: 'chain', body: member, start }) : member;
}
