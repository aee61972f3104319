import { findItems } from '../../access.ts';
import { defineFunction } from '../../function.ts';
import { natures } from '../../nature.ts';
import { any } from '../../parameters.ts';
import { checkList } from './check-list.ts';

export const last = defineFunction({
  name: 'last',
  summary: 'The last item, nil if there is none.',
  example: 'last([1, 2])',
  parameters: [any('list')],
  result: ([nature]) => checkList('last', nature!) ?? natures.unknown,
  call([value]) {
    const items = findItems(value);
    return items && items.length > 0 ? items.at(items.length - 1) : null;
  },
});
