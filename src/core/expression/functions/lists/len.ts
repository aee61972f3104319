import { findItems } from '../../access.ts';
import { fail } from '../../errors.ts';
import { defineFunction } from '../../function.ts';
import { explainNature, natures } from '../../nature.ts';
import { any } from '../../parameters.ts';
import { countCharacters } from '../../utf8.ts';
import { AnyDict, Dict, typeName } from '../../values.ts';

export const len = defineFunction({
  name: 'len',
  summary: 'Length of a list or map, characters of a text.',
  example: 'len([1, 2])',
  parameters: [any('value')],
  result: ([nature]) =>
    ['array', 'bytes', 'map', 'anymap', 'string', 'unknown'].includes(nature!.kind)
      ? natures.int
      : `len does not work on ${explainNature(nature!)}`,
  call([value]) {
    if (typeof value === 'string') return BigInt(countCharacters(value));
    if (value instanceof Dict || value instanceof AnyDict) return BigInt(value.entries.size);
    return BigInt(findItems(value)?.length ?? fail(`len does not work on ${typeName(value)}`));
  },
});
