import { defineFunction } from '../../../expression/function.ts';
import { text } from '../../../expression/parameters.ts';
import { findArtifact } from '../../../freight/find-artifact.ts';
import { scopeOf } from '../promotion.ts';
import { artifactType, natureOfStructure, toArtifact } from './artifacts.ts';
import { originOf, originParameter, search } from './origin.ts';

export const artifactFrom = defineFunction({
  name: 'artifactFrom',
  summary: 'The artifact of a generic subscription in the Freight, nil if there is none.',
  example: 'artifactFrom("models").Version',
  parameters: [text('subscription'), originParameter],
  result: natureOfStructure(artifactType),
  call([name, origin], context) {
    const artifact = search(() => findArtifact(scopeOf(context).freight, name, originOf(origin)));
    return artifact ? toArtifact(artifact) : null;
  },
});
