import { fail } from '../../errors.ts';
import { decodeBase64 } from '../../format/base64.ts';
import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { text } from '../../parameters.ts';
import { decodeUtf8 } from '../../utf8.ts';

export const fromBase64 = defineFunction({
  name: 'fromBase64',
  summary: 'The text behind base64.',
  example: 'fromBase64("YQ==")',
  parameters: [text('base64')],
  result: natures.string,
  call: ([value]) => decodeUtf8(decodeBase64(value) ?? fail('fromBase64 wants padded standard base64')),
});
