import { truncate } from '../../arithmetic.ts';
import { fail } from '../../errors.ts';
import { defineFunction } from '../../function.ts';
import { explainNature, natures } from '../../nature.ts';
import { any } from '../../parameters.ts';
import { Native, typeName } from '../../values.ts';

export const toInt = defineFunction({
  name: 'int',
  summary: 'The whole number of a number, its fraction cut, or of a text of digits.',
  example: 'int("42")',
  cost: 20,
  parameters: [any('value')],
  result: ([nature]) =>
    ['int', 'float', 'string', 'duration', 'unknown'].includes(nature!.kind) ||
    nature!.native?.name.startsWith('time.')
      ? natures.int
      : `int does not work on ${explainNature(nature!)}`,
  call([value]) {
    if (typeof value === 'string') return parseWhole(value);
    return value instanceof Native
      ? (value.integer() ?? fail(`int does not work on ${typeName(value)}`))
      : truncate(value);
  },
});

function parseWhole(value: string): bigint {
  if (!/^[+-]?\d+$/.test(value)) fail('int wants a text of digits');
  if (/^[+-]?0*\d{20}/.test(value)) fail('number outside 64 bits');
  const number = BigInt(value.replace('+', ''));
  return number === BigInt.asIntN(64, number) ? number : fail('number outside 64 bits');
}
