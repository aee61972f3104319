import { defineFunction } from '../../../expression/function.ts';
import { optional, text } from '../../../expression/parameters.ts';
import { chartType, natureOfStructure, toChart } from '../freight/artifacts.ts';
import { discoveredOf } from './discovered.ts';

export const discoveredChartFrom = defineFunction({
  name: 'chartFrom',
  summary:
    'The newest chart that was discovered in a repository, by name where it holds several; nil if there is none.',
  example: 'chartFrom("https://charts.example.com", "app")?.Version',
  parameters: [text('repoURL'), optional(text('name'))],
  result: natureOfStructure(chartType),
  call([repoURL, name = ''], context) {
    const found = discoveredOf(context).charts.find(
      (chart) => chart.repoURL === repoURL && (chart.name ?? '') === name,
    );
    const version = found?.versions[0];
    return version === undefined ? null : toChart({ repoURL, name, version });
  },
});
