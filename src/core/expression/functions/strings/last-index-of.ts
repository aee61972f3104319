import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { text } from '../../parameters.ts';
import { byteLength } from '../../utf8.ts';

export const lastIndexOf = defineFunction({
  name: 'lastIndexOf',
  summary: 'Where a text last occurs, in bytes; -1 if nowhere.',
  example: 'lastIndexOf("abab", "b")',
  parameters: [text('text'), text('part')],
  result: natures.int,
  call([value, part]) {
    const index = value.lastIndexOf(part);
    return BigInt(index < 0 ? -1 : byteLength(value.slice(0, index)));
  },
});
