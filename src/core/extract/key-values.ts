import type { JsonObject } from '../json.ts';

/**
 * The values of lines `key=value`; later ones win, lines without `=` count for nothing, and what stands in quotes keeps
 * them. `key<<END` begins a value of several lines that a line `END` ends; throws an Error when none does.
 */
export function parseKeyValues(text: string): JsonObject {
  const values = new Map<string, string>();
  const lines = text.split('\n').map((line) => line.replace(/\r$/, ''));
  for (let at = 0; at < lines.length; at++) {
    const [, name, mark] = /^([^=<]+)<<(\S+)$/.exec(lines[at]!) ?? [];
    if (name !== undefined && mark !== undefined) {
      const end = lines.indexOf(mark, at + 1);
      if (end < 0)
        throw new Error(`line ${at + 1}: no line ${mark} ends the value of ${JSON.stringify(name)}`);
      values.set(name.trim(), lines.slice(at + 1, end).join('\n'));
      at = end;
      continue;
    }
    const equals = lines[at]!.indexOf('=');
    if (equals > 0) values.set(lines[at]!.slice(0, equals).trim(), lines[at]!.slice(equals + 1));
  }
  return Object.fromEntries(values);
}
