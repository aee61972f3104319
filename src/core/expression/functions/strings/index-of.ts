import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { text } from '../../parameters.ts';
import { byteLength } from '../../utf8.ts';

export const indexOf = defineFunction({
  name: 'indexOf',
  summary: 'Where a text first occurs, in bytes; -1 if nowhere.',
  example: 'indexOf("abc", "b")',
  parameters: [text('text'), text('part')],
  result: natures.int,
  call([value, part]) {
    const index = value.indexOf(part);
    return BigInt(index < 0 ? -1 : byteLength(value.slice(0, index)));
  },
});
