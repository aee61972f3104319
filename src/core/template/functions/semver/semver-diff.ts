import { defineFunction } from '../../../expression/function.ts';
import { natures } from '../../../expression/nature.ts';
import { text } from '../../../expression/parameters.ts';
import { parseVersion } from './version.ts';

export const semverDiff = defineFunction({
  name: 'semverDiff',
  summary:
    'The greatest part two versions differ in: Major, Minor, Patch, Metadata, None; Incomparable if one is no version.',
  example: 'semverDiff("1.2.3", "1.3.0")',
  cost: 40,
  parameters: [text('one'), text('other')],
  result: natures.string,
  call([one, other]) {
    const left = parseVersion(one)?.parts;
    const right = parseVersion(other)?.parts;
    if (!left || !right) return 'Incomparable';
    if (left.major !== right.major) return 'Major';
    if (left.minor !== right.minor) return 'Minor';
    if (left.patch !== right.patch) return 'Patch';
    return left.metadata === right.metadata ? 'None' : 'Metadata';
  },
});
