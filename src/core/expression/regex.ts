import { RE2JS } from 're2js';
import type { Budget } from './budget.ts';
import { ExpressionError, fail } from './errors.ts';
import { decodeUtf8 } from './utf8.ts';
import { typeName, type Value } from './values.ts';

const compiled = new Map<string, RE2JS>();
const maximumCompiled = 200;
/** Longest pattern, and most repetitions in it. */
const maximumPattern = 2000;

/**
 * Whether a regular expression (RE2) is found anywhere in a text or in bytes. A pattern that is written in the
 * expression counts as compiled already.
 */
export function matches(subject: Value, pattern: Value, isWritten: boolean, budget: Budget): boolean {
  const text = subject instanceof Uint8Array ? decodeUtf8(subject) : subject;
  if (typeof text !== 'string' || typeof pattern !== 'string') {
    return fail(`operator matches wants texts, not ${typeName(subject)} and ${typeName(pattern)}`);
  }
  if (!isWritten) budget.spend(15_000 + pattern.length * 20);
  const regex = compileRegex(pattern);
  const size = regex.programSize();
  budget.spend(50 + (isWritten ? 0 : size * 400) + text.length * (1 + (size >> 3)));
  return regex.test(text);
}

/** The compiled pattern. Throws an ExpressionError of stage `run` for one that RE2 does not take. */
export function compileRegex(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known) return known;
  if (patternSize(pattern) > maximumPattern)
    throw new ExpressionError('run', 'the regular expression is too large');
  try {
    const regex = RE2JS.compile(pattern);
    if (compiled.size >= maximumCompiled) compiled.clear();
    compiled.set(pattern, regex);
    return regex;
  } catch (error) {
    // The message of the library repeats the pattern, which may be a value.
    const reason = error instanceof Error ? error.message.replace(/:\s*`[^]*$/, '') : 'invalid';
    throw new ExpressionError('run', `not a regular expression: ${reason}`);
  }
}

/** How dear it is to compile a pattern, at least: a repetition is a copy of what it repeats. */
export function patternSize(pattern: string): number {
  const copies = pattern.match(/\d+(?=,?\d*\})/g)?.reduce((sum, digits) => sum + Number(digits), 0) ?? 0;
  return Math.max(pattern.length, copies);
}
