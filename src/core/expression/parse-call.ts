import { builtins } from './functions/index.ts';
import type { Token } from './lexer.ts';
import type { Parser } from './parser.ts';
import { predicates } from './predicates/index.ts';
import type { BuiltinNode, CallNode, NameNode, Node, PredicateNode } from './tree.ts';

/** A call of a name. `given` is what a pipe passes as the first argument. */
export function parseCall(parser: Parser, { text: name, start }: Token, given: readonly Node[]): Node {
  const { cursor } = parser;
  const from = given[0]?.start ?? start;
  if (predicates.has(name)) {
    const args = parsePredicateArguments(parser, name, given);
    return cursor.node<BuiltinNode>({ kind: 'builtin', name, arguments: args, start: from });
  }
  if (builtins.has(name)) {
    const args = parseArguments(parser, given);
    return cursor.node<BuiltinNode>({ kind: 'builtin', name, arguments: args, start: from });
  }
  const callee = { ...cursor.node<NameNode>({ kind: 'name', name, start }), end: start + name.length };
  const args = parseArguments(parser, given);
  return cursor.node<CallNode>({ kind: 'call', callee, arguments: args, start: from });
}

/** Arguments in parentheses, a last comma allowed. */
export function parseArguments(parser: Parser, given: readonly Node[]): Node[] {
  const { cursor } = parser;
  const args = [...given];
  cursor.expect('(');
  while (!cursor.is(')')) {
    if (args.length > given.length) cursor.expect(',', ')');
    if (cursor.is(')')) break;
    args.push(parser.expression(0));
  }
  cursor.expect(')');
  return args;
}

function parsePredicateArguments(parser: Parser, name: string, given: readonly Node[]): Node[] {
  const { cursor } = parser;
  const { isPredicateOptional, extra } = predicates.get(name)!;
  const args = [...given];
  cursor.expect('(');
  if (args.length === 0) args.push(parser.expression(0));
  if (!(isPredicateOptional && cursor.is(')'))) {
    if (given.length === 0) cursor.expect(',');
    args.push(parsePredicate(parser));
  }
  if (extra && args.length === 2 && !cursor.is(')')) {
    cursor.expect(',');
    args.push(parser.expression(0));
  }
  cursor.take(',');
  cursor.expect(')');
  return args;
}

function parsePredicate(parser: Parser): Node {
  const { cursor } = parser;
  const { start } = cursor.current;
  const isBraced = cursor.take('{');
  cursor.predicates++;
  const body = isBraced ? parser.sequence() : parser.expression(0);
  if (!isBraced && cursor.is(';')) cursor.fail('wrap a predicate of several expressions in { and }');
  cursor.predicates--;
  if (isBraced) cursor.expect('}');
  return cursor.node<PredicateNode>({ kind: 'predicate', body, start });
}
