import { defineFunction } from '../../../expression/function.ts';
import { natures } from '../../../expression/nature.ts';
import { optional, text } from '../../../expression/parameters.ts';
import { fromJson } from '../../../expression/values.ts';
import { lookupsOf, requireName, scopeOf } from '../promotion.ts';

export const freightMetadata = defineFunction({
  name: 'freightMetadata',
  summary:
    'Metadata of Freight by name, or one key of it; a key alone is that of the promoted Freight. Nil if absent.',
  example: 'freightMetadata("releaseTag")',
  parameters: [text('name'), optional(text('key'))],
  result: natures.unknown,
  call([name, key], context) {
    const lookups = lookupsOf(context, 'freightMetadata');
    const found = lookups.freightMetadata(requireName(name, 'freightMetadata'));
    if (found && key === undefined) return fromJson(found);
    const own =
      found ??
      (key === undefined ? lookups.freightMetadata(scopeOf(context).freight.target.name) : undefined);
    const wanted = key ?? name;
    return own && Object.hasOwn(own, wanted) ? fromJson(own[wanted]!) : null;
  },
});
