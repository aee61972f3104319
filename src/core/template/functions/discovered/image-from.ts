import { defineFunction } from '../../../expression/function.ts';
import { text } from '../../../expression/parameters.ts';
import { natureOfStructure } from '../freight/artifacts.ts';
import { discoveredImageType, discoveredOf, toDiscoveredImage } from './discovered.ts';

export const discoveredImageFrom = defineFunction({
  name: 'imageFrom',
  summary: 'The newest image that was discovered in a repository, nil if there is none.',
  example: 'imageFrom("registry.example.com/app")?.Tag',
  parameters: [text('repoURL')],
  result: natureOfStructure(discoveredImageType),
  call([repoURL], context) {
    const { images } = discoveredOf(context);
    const image = images.find((found) => found.repoURL === repoURL)?.references[0];
    return image ? toDiscoveredImage(image) : null;
  },
});
