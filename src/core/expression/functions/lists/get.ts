import { find } from '../../access.ts';
import { defineFunction } from '../../function.ts';
import { elementOf, explainNature, isArray, isUnknown, natures } from '../../nature.ts';
import { any } from '../../parameters.ts';

export const get = defineFunction({
  name: 'get',
  summary: 'The item at an index, the value of a key; nil if there is none.',
  example: 'get({a: 1}, "a")',
  parameters: [any('value'), any('key')],
  result: ([base, key]) => {
    if (isUnknown(base!)) return natures.unknown;
    if (isArray(base!))
      return key!.kind === 'int' || isUnknown(key!) ? elementOf(base!) : 'an index must be a whole number';
    if (base!.kind !== 'map' && base!.kind !== 'anymap')
      return `get does not work on ${explainNature(base!)}`;
    const fits = base!.kind === 'anymap' || key!.kind === 'string' || isUnknown(key!);
    return fits ? elementOf(base!) : `${explainNature(key!)} cannot be a key of this map`;
  },
  call: ([base, key], context) => find(base, key, context),
});
