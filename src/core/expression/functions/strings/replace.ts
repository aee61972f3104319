import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { optional, text, whole } from '../../parameters.ts';

export const replace = defineFunction({
  name: 'replace',
  summary: 'The text with every, or the first so many, occurrences replaced.',
  example: 'replace("a-b", "-", "_")',
  parameters: [text('text'), text('old'), text('new'), optional(whole('count'))],
  result: natures.string,
  call([value, old, replacement, count = -1], { budget }) {
    budget.spend(old === '' ? value.length * 2 : value.length >> (old.length < 4 ? 1 : 4));
    const parts = old === '' ? ['', ...Array.from(value), ''] : value.split(old);
    const places = count < 0 ? parts.length - 1 : Math.min(count, parts.length - 1);
    budget.text(value.length + places * replacement.length);
    const head = parts.slice(0, places + 1).join(replacement);
    return [head, ...parts.slice(places + 1)].join(old);
  },
});
