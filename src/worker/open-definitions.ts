import { join } from 'node:path';
import type { Surroundings } from '../activities/run-step.ts';
import { tellCredentials } from '../activities/tell-secrets.ts';
import { openDefinitionSource, type DefinitionSource } from '../providers/definitions/definition-source.ts';
import type { WorkerSettings } from './settings.ts';

/** The worker's own definitions; undefined when promotions have to bring theirs. Throws when the address cannot be one. */
export function openDefinitions(
  { definitions, workspaces }: Pick<WorkerSettings, 'definitions' | 'workspaces'>,
  { gitBinary: binary, credentials, environment, runProgram, scrubber }: Surroundings,
): DefinitionSource | undefined {
  if (definitions === undefined) return undefined;
  return openDefinitionSource(definitions, {
    cwd: process.cwd(),
    home: join(workspaces, '.definitions'),
    git: { binary, credentials: tellCredentials(credentials, scrubber), environment, runProgram },
  });
}
