import { ExpressionError } from './errors.ts';
import type { Node } from './tree.ts';
import { tokenize, type Token } from './lexer.ts';

/** Longest expression, in UTF-16 units. */
const maximumSource = 100_000;
/** Most nodes of one expression. */
const maximumNodes = 10_000;
/** Deepest nesting of one expression. */
const maximumNesting = 1000;

/** Where the parser stands in the words of an expression, and what it has used up. */
export class Cursor {
  readonly #tokens: readonly Token[];
  #at = 0;
  #nodes = 0;
  #nesting = 0;
  /** How many predicates surround the current word. */
  predicates = 0;

  constructor(source: string) {
    if (source.length > maximumSource)
      throw new ExpressionError('compile', `the expression is longer than ${maximumSource} characters`, 0);
    this.#tokens = tokenize(source);
  }

  get current(): Token {
    return this.#tokens[this.#at]!;
  }

  get following(): Token {
    return this.#tokens[this.#at + 1] ?? this.current;
  }

  /** Whether the current word is that operator or bracket. */
  is(text: string): boolean {
    const { kind } = this.current;
    return (kind === 'operator' || kind === 'bracket') && this.current.text === text;
  }

  next(): Token {
    const token = this.current;
    if (token.kind !== 'end') this.#at++;
    return token;
  }

  /** Takes the operator or bracket if it is next. */
  take(text: string): boolean {
    const found = this.is(text);
    if (found) this.#at++;
    return found;
  }

  /** Takes an operator or bracket that has to be next; `or` is what could stand there, too, for the message. */
  expect(text: string, or?: string): Token {
    const wanted = or === undefined ? text : `${text} or ${or}`;
    if (!this.is(text)) this.fail(`expected ${wanted} but found ${explainToken(this.current)}`);
    return this.next();
  }

  expectName(): Token {
    if (this.current.kind !== 'name') this.fail(`expected a name but found ${explainToken(this.current)}`);
    return this.next();
  }

  unexpected(): never {
    return this.fail(`unexpected ${explainToken(this.current)}`);
  }

  fail(message: string, at: number = this.current.start): never {
    throw new ExpressionError('compile', message, at);
  }

  /** Finishes a node: it ends before the current word. */
  node<N extends Node>(node: Omit<N, 'end'>): N {
    if (++this.#nodes > maximumNodes) this.fail(`the expression has more than ${maximumNodes} parts`);
    return { ...node, end: this.#tokens[this.#at - 1]?.end ?? 0 } as N;
  }

  /** Runs a part of the parser one level deeper. */
  nested<T>(parse: () => T): T {
    if (++this.#nesting > maximumNesting)
      this.fail(`the expression is nested more than ${maximumNesting} deep`);
    const result = parse();
    this.#nesting--;
    return result;
  }
}

function explainToken(token: Token): string {
  return token.kind === 'end' ? 'the end' : token.kind === 'text' ? 'a text' : token.text;
}
