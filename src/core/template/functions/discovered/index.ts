import { createFunctionTable, type FunctionTable } from '../../../expression/function.ts';
import { discoveredArtifactFrom } from './artifact-from.ts';
import { discoveredChartFrom } from './chart-from.ts';
import { discoveredCommitFrom } from './commit-from.ts';
import { discoveredImageFrom } from './image-from.ts';

/** What criteria for new Freight know. */
export const discoveredFunctions: FunctionTable = createFunctionTable([
  discoveredCommitFrom,
  discoveredImageFrom,
  discoveredChartFrom,
  discoveredArtifactFrom,
]);
