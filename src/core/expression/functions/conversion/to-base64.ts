import { encodeBase64 } from '../../format/base64.ts';
import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { text } from '../../parameters.ts';
import { encodeUtf8 } from '../../utf8.ts';

export const toBase64 = defineFunction({
  name: 'toBase64',
  summary: 'The text in base64.',
  example: 'toBase64("a")',
  parameters: [text('text')],
  result: natures.string,
  call([value], { budget }) {
    budget.text(value.length * 2);
    budget.spend(value.length * 2);
    return encodeBase64(encodeUtf8(value));
  },
});
