import { defineFunction } from '../../../expression/function.ts';
import { natures } from '../../../expression/nature.ts';
import { text } from '../../../expression/parameters.ts';
import { fromJson } from '../../../expression/values.ts';
import { lookupsOf, requireName } from '../promotion.ts';

export const freightStatus = defineFunction({
  name: 'freightStatus',
  summary: 'The status of Freight by name, nil if there is none.',
  example: 'freightStatus(ctx.targetFreight.name)?.verifiedIn',
  parameters: [text('name')],
  result: natures.unknown,
  call([name], context) {
    const found = lookupsOf(context, 'freightStatus').freightStatus(requireName(name, 'freightStatus'));
    return found === undefined ? null : fromJson(found);
  },
});
