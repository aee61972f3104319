import { defineFunction } from '../../../expression/function.ts';
import { natures } from '../../../expression/nature.ts';
import { text } from '../../../expression/parameters.ts';
import { taskOf } from '../../../promotion/outputs.ts';
import { requireName, scopeOf } from '../promotion.ts';

export const status = defineFunction({
  name: 'status',
  summary: 'Status of an earlier step of the same task, or of the promotion itself; empty if it is unknown.',
  example: 'status("push")',
  parameters: [text('alias')],
  result: natures.string,
  call([alias], context) {
    const scope = scopeOf(context);
    const task = taskOf(scope);
    const short = requireName(alias, 'status');
    const wanted = task === undefined ? short : `${task}::${short}`;
    const found = scope.records.find((record) => record.alias === wanted && taskOf(record) === task);
    return found?.status ?? '';
  },
});
