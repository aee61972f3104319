import { fail } from '../../errors.ts';
import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { text, whole } from '../../parameters.ts';
import { byteLength } from '../../utf8.ts';

export const repeat = defineFunction({
  name: 'repeat',
  summary: 'The text so many times.',
  example: 'repeat("ab", 2)',
  parameters: [text('text'), whole('count')],
  result: natures.string,
  call([value, count], { budget }) {
    if (count < 0) fail('repeat wants a count that is not negative');
    if (count > 1_000_000) fail('repeat wants a count of at most 1000000: memory budget exceeded');
    budget.allocate(byteLength(value) * count);
    budget.text(value.length * count);
    return value.repeat(count);
  },
});
