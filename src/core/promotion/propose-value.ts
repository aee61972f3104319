import type { JsonPath } from '../json.ts';
import type { SourceStep } from './parse-steps.ts';

/**
 * What to write in a field that is missing, to be put behind the message, where later steps show it: the folder of a
 * kustomization is that of the kustomize-build that follows. Empty where nothing is known.
 */
export function proposeValue(step: SourceStep, path: JsonPath, following: readonly SourceStep[]): string {
  const isMissing = path.length === 1 && path[0] === 'path' && step.config['path'] === undefined;
  if (!isMissing || step.uses !== 'kustomize-set-image') return '';
  const folder = following.find(({ uses }) => uses === 'kustomize-build')?.config['path'];
  return typeof folder === 'string' ? `; the next kustomize-build has path: ${folder}` : '';
}
