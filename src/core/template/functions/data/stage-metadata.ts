import { defineFunction } from '../../../expression/function.ts';
import { natures } from '../../../expression/nature.ts';
import { text } from '../../../expression/parameters.ts';
import { fromJson } from '../../../expression/values.ts';
import { lookupsOf, requireName } from '../promotion.ts';

export const stageMetadata = defineFunction({
  name: 'stageMetadata',
  summary: 'Metadata of a Stage by name, nil if there is none.',
  example: 'stageMetadata("prod")?.owner',
  parameters: [text('name')],
  result: natures.unknown,
  call([name], context) {
    const found = lookupsOf(context, 'stageMetadata').stageMetadata(requireName(name, 'stageMetadata'));
    return found === undefined ? null : fromJson(found);
  },
});
