import type { Surroundings } from '../activities/run-step.ts';
import type { Scrubber } from '../activities/scrub.ts';
import type { Workspaces } from '../activities/workspace/workspaces.ts';
import type { Log } from '../log.ts';
import { createCredentials, type CredentialSource } from '../providers/credentials/credentials.ts';
import { createGitCredentials } from '../providers/credentials/git-credentials.ts';
import { createSecretFolder } from '../providers/credentials/secret-folder.ts';
import { createResourceFolder, type ResourceFolder } from '../providers/resources/resource-folder.ts';
import { HostMemory } from '../providers/git-hosts/host-memory.ts';
import type { RunProgram } from '../providers/programs/program.ts';
import { openTimeZones } from '../providers/time-zones/time-zones.ts';
import { childEnvironment, userEnvironment } from './child-environment.ts';
import type { WorkerTools } from './find-tools.ts';
import { openLookups } from './open-lookups.ts';
import type { WorkerSettings } from './settings.ts';

/** What a worker has open when it makes what surrounds its steps. */
export interface SurroundingParts {
  readonly settings: Pick<WorkerSettings, 'git' | 'gitHosts' | 'http' | 'registries' | 'secrets' | 'tools'>;
  readonly tools: WorkerTools;
  readonly workspaces: Workspaces;
  readonly runProgram: RunProgram;
  readonly scrubber: Scrubber;
  readonly log: Log;
  readonly closing: AbortSignal;
}

/** What surrounds every step of this worker. */
export function createSurroundings(parts: SurroundingParts): Surroundings {
  const { settings, tools, workspaces, runProgram, scrubber, log, closing } = parts;
  const { secrets } = settings;
  const warn = (problem: string) => log.warn('A Secret or ConfigMap cannot be used', { problem });
  if (settings.git?.signingKey) scrubber.add(settings.git.signingKey);
  const folder = secrets === undefined ? undefined : createResourceFolder(secrets, warn);
  return {
    credentials: createCredentials(credentialSources(parts, folder, warn)),
    lookupsFor: openLookups(folder),
    resolveTool: (name) => settings.tools.resolve(name),
    gitBinary: tools.git,
    findLfs: async () => (await settings.tools.find?.('git-lfs'))?.path,
    gitIdentity: { name: 'Kargo', email: 'no-reply@kargo.io' },
    ...(settings.git && { gitPolicy: settings.git }),
    ...(settings.http && { httpPolicy: settings.http }),
    ...(settings.registries && { registryPolicy: settings.registries }),
    ...(settings.gitHosts && { gitHostPolicy: settings.gitHosts }),
    hostMemory: new HostMemory(),
    mirrors: { folder: workspaces.mirrors },
    runProgram,
    environment: childEnvironment(process.env),
    taskPrefix: `${workspaces.uid}/`,
    workspaces,
    zones: openTimeZones(),
    logFor: (fields) => log.child(fields),
    scrubber,
    closing,
  };
}

/** The folder of Secrets knows who may use what; after it comes whatever the worker's own user can open. */
function credentialSources(
  { tools, runProgram }: SurroundingParts,
  folder: ResourceFolder | undefined,
  warn: (problem: string) => void,
): readonly CredentialSource[] {
  const environment = userEnvironment(process.env);
  const own = createGitCredentials({ binary: tools.git, environment, runProgram });
  return [...(folder ? [createSecretFolder(folder, warn)] : []), own];
}
