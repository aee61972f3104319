import type { JsonPath } from '../json.ts';

/**
 * The parts of a key in the notation of `helm --set`: `.` separates, `[0]` names an item of a list, `\` takes the sign
 * behind it as it stands. A part that is a number also names an item, as in Kargo. Throws an Error for a key that cannot be
 * meant.
 */
export function splitHelmKey(key: string): JsonPath {
  const parts: (string | number)[] = [];
  let [at, isOpen] = [0, true];
  while (at < key.length || isOpen) {
    const [item, index] = /^\[(\d{1,9})\]/.exec(key.slice(at)) ?? [];
    if (item !== undefined && parts.length > 0) {
      if (isOpen) throw new Error(`key "${key}": no dot stands before ${item}`);
      parts.push(Number(index));
      at += item.length;
    } else {
      if (!isOpen) throw new Error(`key "${key}": a dot must follow ${JSON.stringify(String(parts.at(-1)))}`);
      const [name] = /^(?:\\[^]|[^\\.[\]])*/.exec(key.slice(at)) ?? [''];
      if (name === '')
        throw new Error(`key "${key}": a part is empty: a dot that belongs to a name is written \\.`);
      parts.push(/^(0|[1-9]\d{0,8})$/.test(name) ? Number(name) : name.replace(/\\([^])/g, '$1'));
      at += name.length;
    }
    isOpen = key[at] === '.';
    if (isOpen) at += 1;
  }
  return parts;
}
