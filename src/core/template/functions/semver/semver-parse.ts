import { fail } from '../../../expression/errors.ts';
import { defineFunction } from '../../../expression/function.ts';
import { text } from '../../../expression/parameters.ts';
import { parseVersion, versionNature } from './version.ts';

export const semverParse = defineFunction({
  name: 'semverParse',
  summary: 'A semantic version: its parts, its successors, its order.',
  example: 'semverParse("v1.2.3").Major()',
  cost: 40,
  parameters: [text('version')],
  result: versionNature,
  call: ([version]) => parseVersion(version) ?? fail('the text is not a semantic version'),
});
