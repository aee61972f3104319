import { fail } from '../core/expression/errors.ts';
import type { Lookups } from '../core/promotion/environment.ts';
import type { ResourceFolder } from '../providers/resources/resource-folder.ts';
import { readLookups } from '../providers/resources/resource-lookups.ts';

/** What expressions may read from outside, for one project, when an attempt asks. */
export function openLookups(folder: ResourceFolder | undefined): (project: string) => Promise<Lookups> {
  return async (project) => ({
    ...(folder ? await readLookups(folder, project) : withoutFolder),
    ...withoutEntities,
  });
}

const withoutFolder = {
  secret: refuse('Secret'),
  sharedSecret: refuse('shared Secret'),
  configMap: refuse('ConfigMap'),
  sharedConfigMap: refuse('shared ConfigMap'),
};

function refuse(what: string): (name: string) => never {
  return (name) =>
    fail(
      `${what} ${JSON.stringify(name)} cannot be looked up: this worker was given none; name a folder of manifests with --secrets`,
    );
}

/** What Freight and Stages know is not kept yet. */
const withoutEntities = {
  freightMetadata: () => fail('freightMetadata cannot be looked up here'),
  freightStatus: () => fail('freightStatus cannot be looked up here'),
  stageMetadata: () => fail('stageMetadata cannot be looked up here'),
};
