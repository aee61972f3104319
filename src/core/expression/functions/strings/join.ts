import { fail } from '../../errors.ts';
import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { list, optional, text } from '../../parameters.ts';

export const join = defineFunction({
  name: 'join',
  summary: 'The texts of a list, a separator between them.',
  example: 'join(["a", "b"], ",")',
  parameters: [list('texts'), optional(text('separator'))],
  result: natures.string,
  call([{ items, kind }, separator = ''], { budget }) {
    if (kind !== 'any' && kind !== 'string' && items.length > 0) fail('join wants a list of texts');
    const texts = items.filter((item) => typeof item === 'string');
    if (texts.length < items.length) fail('join wants a list of texts only: use map(…, string(#))');
    budget.text(texts.reduce((sum, item) => sum + item.length + separator.length, 0));
    return texts.join(separator);
  },
});
