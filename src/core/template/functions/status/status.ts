import { defineFunction } from '../../../expression/function.ts';
import { natures } from '../../../expression/nature.ts';
import { text } from '../../../expression/parameters.ts';
import { requireName, scopeOf } from '../promotion.ts';

export const status = defineFunction({
  name: 'status',
  summary: 'Status of an earlier step of the same task, or of the promotion itself; empty if it is unknown.',
  example: 'status("push")',
  parameters: [text('alias')],
  result: natures.string,
  call([alias], context) {
    const { alias: own, records } = scopeOf(context);
    const namespace = own.includes('::') ? own.slice(0, own.lastIndexOf('::') + 2) : '';
    const wanted = namespace + requireName(alias, 'status');
    return records.find((record) => record.alias === wanted)?.status ?? '';
  },
});
