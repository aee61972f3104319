import { splitHelmKey } from '../../core/edit/helm-key.ts';
import { findImage } from '../../core/freight/find-artifact.ts';
import type { FreightSet, Origin } from '../../core/freight/freight.ts';
import { list, object, oneOf, optional, string } from '../../core/schema/describe.ts';
import { defineStep } from '../define-step.ts';
import { readKeys, updateFile } from '../update-file.ts';
import { workAside } from '../work-aside.ts';

export const helmUpdateImage = defineStep({
  kind: 'helm-update-image',
  summary: 'Writes images of the Freight into a file of Helm values.',
  description: [
    'From Kargo 1.2; yaml-update does the same with `imageFrom()`. Only the values change: comments, quotes and layout of the',
    'file survive. All images are set, or none; keys are never created.',
  ].join('\n'),
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,

  config: object({
    path: string('The file of values.', { minLength: 1 }),
    images: list(
      'What to set.',
      object({
        image: string('Repository of the image.', { minLength: 1 }),
        key: string('Where, in the notation of `helm --set`: `image.tag`, `list[0].image`, `a\\.b.tag`.', {
          minLength: 1,
        }),
        value: oneOf('What to write of the image.', ['Digest', 'ImageAndDigest', 'ImageAndTag', 'Tag']),
        fromOrigin: optional(
          object(
            {
              kind: oneOf('Kind of the origin.', ['Warehouse']),
              name: string('Name of the Warehouse.', { minLength: 1 }),
            },
            { description: 'Takes the image from the Freight of this Warehouse.' },
          ),
        ),
      }),
      { minItems: 1 },
    ),
  }),

  outputs: object({
    commitMessage: string('What was set, for git-commit.'),
  }),

  examples: [
    {
      title: 'Set the tag of the promoted image',
      as: 'update-image',
      config: {
        path: './src/charts/app/values.yaml',
        images: [{ image: 'ghcr.io/example/app', key: 'image.tag', value: 'Tag' }],
      },
    },
  ],

  async run({ path, images }, world) {
    const found = images.map((image) => lookUp(image, world.freight));
    const edits = readKeys('images', images, ({ key }, index) => ({
      path: splitHelmKey(key),
      value: found[index]!.value,
    }));
    const edit = async (text: string): Promise<string> =>
      workAside('updateYaml', [text, edits], world.signal);
    await updateFile({ path, edit, items: [] }, world);
    const lines = found.map(({ reference }) => `- ${reference}`).join('\n');
    const what = `new image${images.length === 1 ? '' : 's'}`;
    return { output: { commitMessage: `Updated ${path} to use ${what}\n\n${lines}` } };
  },
});

interface ImageConfig {
  readonly image: string;
  readonly key: string;
  readonly value: 'Digest' | 'ImageAndDigest' | 'ImageAndTag' | 'Tag';
  readonly fromOrigin?: Origin;
}

interface Found {
  readonly value: string;
  /** For the commit message. */
  readonly reference: string;
}

function lookUp({ image, value, fromOrigin }: ImageConfig, freight: FreightSet): Found {
  const found = findImage(freight, image, fromOrigin);
  const where = fromOrigin ? ` of Warehouse ${fromOrigin.name}` : '';
  if (!found) throw new Error(`image ${image} is not in the Freight${where}`);
  const isTag = value === 'Tag' || value === 'ImageAndTag';
  const version = isTag ? found.tag : found.digest;
  if (!version) throw new Error(`the Freight${where} knows no ${isTag ? 'tag' : 'digest'} of image ${image}`);
  const reference = `${image}${isTag ? ':' : '@'}${version}`;
  return { value: value.startsWith('Image') ? reference : version, reference };
}
