import type { Json } from '../../core/json.ts';
import { InvalidInput } from '../errors.ts';

/** Parser of an option that may be repeated. */
export function collect(value: string, earlier: readonly string[] = []): readonly string[] {
  return [...earlier, value];
}

/** `name=value`, where the value may hold anything; InvalidInput names the flag and what it is for. */
export function parseAssignment(
  flag: string,
  what: string,
  text: string,
): { readonly name: string; readonly value: string } {
  const [, name, value] = /^([^=]+)=(.*)$/s.exec(text) ?? [];
  if (name !== undefined && value !== undefined) return { name, value };
  throw new InvalidInput(`${flag} ${text}: write a ${what} as name=value`);
}

/**
 * The value of `--set key=value`: JSON for objects, lists, quoted texts, true, false and null; a number when it prints
 * back as it was written (`3`, not `1.20` or `007`); else the text itself.
 */
export function parseValue(flag: string, text: string): Json {
  if (['true', 'false', 'null'].includes(text)) return JSON.parse(text) as Json;
  if (text !== '' && String(Number(text)) === text && Number.isFinite(Number(text))) return Number(text);
  if (!/^\s*[[{"]/.test(text)) return text;
  try {
    return JSON.parse(text) as Json;
  } catch {
    throw new InvalidInput(
      `${flag} ${text}: what begins like this has to be JSON; a text goes in double quotes`,
    );
  }
}
