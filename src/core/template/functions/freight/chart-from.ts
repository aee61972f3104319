import { fail } from '../../../expression/errors.ts';
import { defineFunction } from '../../../expression/function.ts';
import { isUnknown } from '../../../expression/nature.ts';
import { any, optional, text } from '../../../expression/parameters.ts';
import { findChart } from '../../../freight/find-artifact.ts';
import { scopeOf } from '../promotion.ts';
import { chartType, natureOfStructure, originType, toChart } from './artifacts.ts';
import { originOf, originParameter, search } from './origin.ts';
import { Structure } from './structure.ts';

export const chartFrom = defineFunction({
  name: 'chartFrom',
  summary: 'The chart of a repository, by name where it holds several, in the Freight; nil if there is none.',
  example: 'chartFrom("https://charts.example.com", "app").Version',
  parameters: [text('repoURL'), optional(any('name')), originParameter],
  result: ([, name]) => {
    const fits = !name || isUnknown(name) || name.kind === 'string' || name.native === originType;
    return fits ? natureOfStructure(chartType) : 'chartFrom wants the name of a chart, or a Warehouse';
  },
  call([repoURL, second, third], context) {
    const origin = second instanceof Structure ? second : third;
    const name = second instanceof Structure ? undefined : second;
    if (name !== undefined && typeof name !== 'string')
      fail('chartFrom wants the name of a chart, or a Warehouse');
    const chart = search(() => findChart(scopeOf(context).freight, repoURL, name, originOf(origin)));
    return chart ? toChart(chart) : null;
  },
});
