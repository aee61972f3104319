import { defineFunction } from '../../../expression/function.ts';
import { natures } from '../../../expression/nature.ts';
import { any } from '../../../expression/parameters.ts';
import { formatYaml } from '../../yaml/format-yaml.ts';

export const asYAML = defineFunction({
  name: 'asYAML',
  summary: 'The value as a text of YAML.',
  example: 'asYAML({a: 1})',
  parameters: [any('value')],
  result: natures.string,
  call: ([value], { budget }) => `"${formatYaml(value, budget)}"`,
});
