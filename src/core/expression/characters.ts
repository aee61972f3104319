import { countCharacters } from './utf8.ts';

const space = '\\t\\n\\v\\f\\r \\u0085\\u00a0\\u1680\\u2000-\\u200a\\u2028\\u2029\\u202f\\u205f\\u3000';
const spaceAtEnds = new RegExp(`^[${space}]+|[${space}]+$`, 'g');

/** The text without white space, or without those characters, at both ends. */
export function trimCharacters(text: string, characters?: string): string {
  if (characters === undefined) return text.replace(spaceAtEnds, '');
  const cut = new Set(characters);
  const all = Array.from(text);
  let [from, to] = [0, all.length];
  while (from < to && cut.has(all[from]!)) from++;
  while (to > from && cut.has(all[to - 1]!)) to--;
  return all.slice(from, to).join('');
}

/** Capital letters, one for one: a letter whose capital needs several stays. */
export function upperCase(text: string): string {
  return mapCharacters(text, (character) => character.toUpperCase());
}

/** Small letters, one for one. */
export function lowerCase(text: string): string {
  // The Turkish dotted capital is the only letter whose small one has two characters; Unicode's simple form is `i`.
  return mapCharacters(text, (character) => (character === 'İ' ? 'i' : character.toLowerCase()));
}

function mapCharacters(text: string, change: (character: string) => string): string {
  let changed = '';
  for (const character of text) {
    const other = change(character);
    changed += other.length === character.length || countCharacters(other) === 1 ? other : character;
  }
  return changed;
}
