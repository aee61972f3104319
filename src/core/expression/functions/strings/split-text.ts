import type { Budget } from '../../budget.ts';
import { List } from '../../values.ts';

/** The parts of a text: `count` at most, all if it is negative, a nil list if it is 0. */
export function splitText(
  text: string,
  separator: string,
  count: number,
  keeps: boolean,
  budget: Budget,
): List {
  budget.spend(text.length >> (separator.length < 4 ? 1 : 4));
  if (count === 0) return new List([], 'string', true);
  const all = separator === '' ? Array.from(text) : text.split(separator);
  const least = count < 0 ? all.length : Math.min(count, all.length);
  const parts = all.slice(0, least);
  if (least < all.length) parts[least - 1] = all.slice(least - 1).join(separator);
  const isLast = (index: number) => index === parts.length - 1;
  return new List(
    keeps ? parts.map((part, index) => (isLast(index) ? part : part + separator)) : parts,
    'string',
  );
}
