/**
 * The parts of a key as update steps write it: `.` separates, `\.`, `\:` and `\\` stand for themselves, a leading `:` says
 * "key of a map" and falls away. Outer white space does not count. Throws an Error for a key that cannot be meant.
 */
export function splitKey(key: string): readonly string[] {
  const trimmed = key.trim();
  if (trimmed === '') throw new Error('the key is empty');
  const parts = [''];
  for (const [token = ''] of trimmed.matchAll(/\\[^]?|[^\\]/g)) {
    const isEscape = token.startsWith('\\');
    if (isEscape && !/^\\[.:\\]$/.test(token))
      throw new Error(`key "${trimmed}": "${token}" is no escape: write \\. for a dot, \\\\ for a backslash`);
    if (token === '.') parts.push('');
    // The mark of a key stays out of it.
    else if (token !== ':' || parts.at(-1) !== '')
      parts[parts.length - 1] += isEscape ? token.slice(1) : token;
  }
  if (parts.includes(''))
    throw new Error(`key "${trimmed}": a part is empty: a dot that belongs to a name is written \\.`);
  return parts;
}
