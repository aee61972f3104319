import { findItems } from '../../access.ts';
import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { any } from '../../parameters.ts';
import { checkList } from './check-list.ts';

export const first = defineFunction({
  name: 'first',
  summary: 'The first item, nil if there is none.',
  example: 'first([1, 2])',
  parameters: [any('list')],
  result: ([nature]) => checkList('first', nature!) ?? natures.unknown,
  call([value]) {
    const items = findItems(value);
    return items && items.length > 0 ? items.at(0) : null;
  },
});
