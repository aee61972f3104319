import { defineFunction } from '../../../expression/function.ts';
import { text } from '../../../expression/parameters.ts';
import { artifactType, natureOfStructure, toArtifact } from '../freight/artifacts.ts';
import { discoveredOf } from './discovered.ts';

export const discoveredArtifactFrom = defineFunction({
  name: 'artifactFrom',
  summary: 'The newest artifact that a subscription discovered, nil if there is none.',
  example: 'artifactFrom("models")?.Version',
  parameters: [text('subscription')],
  result: natureOfStructure(artifactType),
  call([name], context) {
    const { artifacts } = discoveredOf(context);
    const artifact = artifacts.find(({ subscriptionName }) => subscriptionName === name)?.references[0];
    return artifact ? toArtifact(artifact) : null;
  },
});
