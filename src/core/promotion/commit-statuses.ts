import { findManifest, listManifests, type Definitions, type Manifest } from '../definitions/manifest.ts';
import { isObject, type Json } from '../json.ts';

/** Annotation of a Stage, or of a Project or ProjectConfig for all its Stages, that asks for commit statuses. */
export const statusAnnotation = 'gantry.io/commit-statuses';

/** Whether the commits of a Stage's promotions are to show how they go: the Stage says so, else its project; default no. */
export function wantsStatuses(
  definitions: Definitions,
  { project, stage }: { readonly project: string; readonly stage: string },
): boolean {
  const manifests = [
    findManifest(definitions, 'Stage', stage, project),
    ...listManifests(definitions, 'ProjectConfig', project),
    ...listManifests(definitions, 'Project').filter(({ name }) => name === project),
  ];
  const said = manifests.map(readAnnotation).find((value) => value !== undefined);
  return said === true || said === 'true';
}

function readAnnotation(manifest: Manifest | undefined): Json | undefined {
  const metadata = manifest?.body['metadata'];
  const annotations = isObject(metadata) ? metadata['annotations'] : undefined;
  return isObject(annotations) ? annotations[statusAnnotation] : undefined;
}
