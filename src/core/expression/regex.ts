import { RE2JS } from 're2js';
import type { Budget } from './budget.ts';
import { ExpressionError, fail } from './errors.ts';
import { decodeUtf8 } from './utf8.ts';
import { typeName, type Value } from './values.ts';

const compiled = new Map<string, RE2JS>();
const maximumCompiled = 200;

/** Whether a regular expression (RE2) is found anywhere in a text or in bytes. */
export function matches(subject: Value, pattern: Value, budget: Budget): boolean {
  const text = subject instanceof Uint8Array ? decodeUtf8(subject) : subject;
  if (typeof text !== 'string' || typeof pattern !== 'string') {
    return fail(`operator matches wants texts, not ${typeName(subject)} and ${typeName(pattern)}`);
  }
  budget.spend(50 + pattern.length * 20 + text.length * (2 + (pattern.length >> 5)));
  return compileRegex(pattern).matcher(text).find();
}

/** The compiled pattern. Throws an ExpressionError of stage `run` for one that RE2 does not take. */
export function compileRegex(pattern: string): RE2JS {
  const known = compiled.get(pattern);
  if (known) return known;
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
