import { numberOf } from '../../arithmetic.ts';
import { fail } from '../../errors.ts';
import { parseFloatText } from '../../format/parse-float.ts';
import { defineFunction } from '../../function.ts';
import { explainNature, natures } from '../../nature.ts';
import { any } from '../../parameters.ts';
import { typeName } from '../../values.ts';

export const toFloat = defineFunction({
  name: 'float',
  summary: 'The fraction of a number or of a text.',
  example: 'float("1.5")',
  cost: 20,
  parameters: [any('value')],
  result: ([nature]) =>
    ['int', 'float', 'string', 'unknown'].includes(nature!.kind)
      ? natures.float
      : `float does not work on ${explainNature(nature!)}`,
  call([value]) {
    if (typeof value === 'string') return parseFloatText(value) ?? fail('float wants the text of a number');
    return Number(numberOf(value) ?? fail(`float does not work on ${typeName(value)}`));
  },
});
