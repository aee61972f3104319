import { createFunctionTable, type FunctionTable } from '../../../expression/function.ts';
import { discoveredArtifactFrom } from './artifact-from.ts';
import { discoveredChartFrom } from './chart-from.ts';
import { discoveredCommitFrom } from './commit-from.ts';
import { discoveredImageFrom } from './image-from.ts';

/** What criteria for new Freight know beside the builtins. */
export const discovered = [
  discoveredCommitFrom,
  discoveredImageFrom,
  discoveredChartFrom,
  discoveredArtifactFrom,
];

export const discoveredFunctions: FunctionTable = createFunctionTable(discovered);
