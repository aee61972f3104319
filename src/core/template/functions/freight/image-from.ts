import { defineFunction } from '../../../expression/function.ts';
import { text } from '../../../expression/parameters.ts';
import { findImage } from '../../../freight/find-artifact.ts';
import { scopeOf } from '../promotion.ts';
import { imageType, natureOfStructure, toImage } from './artifacts.ts';
import { originOf, originParameter, search } from './origin.ts';

export const imageFrom = defineFunction({
  name: 'imageFrom',
  summary: 'The image of a repository in the Freight, nil if there is none.',
  example: 'imageFrom("registry.example.com/app").Tag',
  parameters: [text('repoURL'), originParameter],
  result: natureOfStructure(imageType),
  call([repoURL, origin], context) {
    const image = search(() => findImage(scopeOf(context).freight, repoURL, originOf(origin)));
    return image ? toImage(image) : null;
  },
});
