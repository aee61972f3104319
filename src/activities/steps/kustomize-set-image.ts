import { lstat } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { setImages, type ImageEntry } from '../../core/edit/kustomization.ts';
import { messageOf } from '../../core/errors.ts';
import { findImage } from '../../core/freight/find-artifact.ts';
import type { FreightSet, Origin } from '../../core/freight/freight.ts';
import { atMostOne, boolean, list, object, oneOf, optional, string } from '../../core/schema/describe.ts';
import { defineStep } from '../define-step.ts';
import { placeFile } from '../place-file.ts';
import { findTextAt } from '../read-text.ts';

export const kustomizeSetImage = defineStep({
  kind: 'kustomize-set-image',
  summary: 'Sets image tags or digests in a kustomization file, as `kustomize edit set image` does.',
  description: [
    'Without `images` every image of the promoted Freight is set, tag and digest. With `images` only those listed are; an',
    'entry that names neither tag nor digest takes the tag from the Freight.',
    '',
    'An entry of the same name is replaced as a whole; `*` as `newName`, `tag` or `digest` keeps what the file says.',
    'Entries that are not mentioned stay. Comments, order, quotes and layout of the file survive: old entries keep their',
    'place, new ones follow, sorted by name. `commitMessage` lists the images that were set, not those that stayed.',
    '',
    'The folder must hold exactly one regular file named `kustomization.yaml`, `kustomization.yml` or `Kustomization`.',
  ].join('\n'),
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,

  config: object({
    path: string(
      'Folder of the kustomization file: usually the `path` of the kustomize-build step that follows.',
      {
        minLength: 1,
      },
    ),
    images: optional(
      list(
        'What to set. Without it, or empty: all images of the Freight.',
        object(
          {
            image: string('Repository of the image.', { minLength: 1 }),
            name: optional(string('Name of the image in the manifests, where it is not the repository.')),
            newName: optional(string('Repository to use instead; `*` keeps the one in the file.')),
            tag: optional(string('Tag to set; `*` keeps the one in the file.', { artifact: 'image' })),
            digest: optional(string('Digest to set instead of a tag; `*` keeps the one in the file.')),
            useDigest: optional(
              boolean('Set the digest that the Freight knows instead of the tag.', {
                deprecated: true,
                'x-instead': '"digest: ${{ imageFrom(image).Digest }}"',
              }),
            ),
            fromOrigin: optional(
              object(
                {
                  kind: oneOf('Kind of the origin.', ['Warehouse']),
                  name: string('Name of the Warehouse.', { minLength: 1 }),
                },
                {
                  description: 'Takes the image from the Freight of this Warehouse.',
                  deprecated: true,
                  'x-instead': '"tag: ${{ imageFrom(image, warehouse(name)).Tag }}"',
                },
              ),
            ),
          },
          atMostOne('tag', 'digest', 'useDigest'),
        ),
      ),
    ),
  }),

  outputs: object({
    commitMessage: optional(string('What was set, for git-commit. Absent when the Freight has no images.')),
  }),

  examples: [
    {
      title: 'Set the tag of the promoted image',
      as: 'set-image',
      config: {
        path: './src/stages/${{ ctx.stage }}',
        images: [{ image: 'ghcr.io/example/app', tag: "${{ imageFrom('ghcr.io/example/app').Tag }}" }],
      },
    },
    {
      title: 'Pull from a mirror, by digest',
      config: {
        path: './src',
        images: [
          {
            image: 'ghcr.io/example/app',
            newName: 'mirror.example.com/app',
            digest: "${{ imageFrom('ghcr.io/example/app').Digest }}",
          },
        ],
      },
    },
    { title: 'Set all images of the Freight', config: { path: './src/stages/${{ ctx.stage }}' } },
  ],

  async run({ path, images = [] }, { freight, workspace }) {
    const entries = images.length > 0 ? images.map((image) => toEntry(image, freight)) : allOf(freight);
    if (entries.length === 0) return { message: 'the Freight has no images: nothing to set' };
    const file = await findKustomization(await workspace.resolve(path), path);
    const before = (await findTextAt(file, join(path, basename(file)))) ?? '';
    const after = setOrExplain(before, entries, path);
    if (after.text !== before) await placeFile(workspace.root, file, after.text);
    return { output: { commitMessage: explainImages(path, after.images) } };
  },
});

interface ImageConfig {
  readonly image: string;
  readonly name?: string;
  readonly newName?: string;
  readonly tag?: string;
  readonly digest?: string;
  readonly useDigest?: boolean;
  readonly fromOrigin?: Origin;
}

function toEntry(
  { image, name, newName, tag, digest, useDigest, fromOrigin }: ImageConfig,
  freight: FreightSet,
): ImageEntry {
  const given = { name: name || image, ...(newName && { newName }) };
  if (digest) return { ...given, digest };
  if (tag) return { ...given, newTag: tag };
  const found = findImage(freight, image, fromOrigin);
  if (!found)
    throw new Error(
      `image ${image} is not in the Freight${fromOrigin ? ` of Warehouse ${fromOrigin.name}` : ''}`,
    );
  if (!useDigest && found.tag) return { ...given, newTag: found.tag };
  if (found.digest) return { ...given, digest: found.digest };
  throw new Error(`the Freight knows no ${useDigest ? 'digest' : 'tag'} of image ${image}`);
}

function allOf(freight: FreightSet): readonly ImageEntry[] {
  const images = freight.collection.flatMap((one) => one.images);
  const first = new Map(images.toReversed().map((image) => [image.repoURL, image]));
  return [...first].toReversed().map(([repoURL, image]) => {
    // The look-up refuses what two origins disagree about.
    const { tag, digest } = findImage(freight, repoURL) ?? image;
    return { name: repoURL, ...(tag && { newTag: tag }), ...(digest && { digest }) };
  });
}

const fileNames = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

async function findKustomization(folder: string, path: string): Promise<string> {
  const found: string[] = [];
  for (const name of fileNames) if (await isFile(join(folder, name))) found.push(name);
  if (found.length === 1) return join(folder, found[0]!);
  if (found.length > 1) throw new Error(`path "${path}" holds ${found.join(' and ')}: only one may be there`);
  const hint = (await isFile(folder)) ? ': it is a file, name its folder' : '';
  throw new Error(`path "${path}" holds none of ${fileNames.join(', ')}${hint}`);
}

async function isFile(path: string): Promise<boolean> {
  try {
    return (await lstat(path)).isFile();
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === 'ENOENT' || code === 'ENOTDIR') return false;
    throw error;
  }
}

function setOrExplain(
  text: string,
  entries: readonly ImageEntry[],
  path: string,
): ReturnType<typeof setImages> {
  try {
    return setImages(text, entries);
  } catch (error) {
    throw new Error(`kustomization file of "${path}": ${messageOf(error)}`, { cause: error });
  }
}

function explainImages(path: string, images: readonly ImageEntry[]): string {
  const lines = images.map(
    ({ name, newName, newTag, digest }) =>
      `- ${newName ?? name}${newTag ? `:${newTag}` : ''}${digest ? `@${digest}` : ''}`,
  );
  return `Updated ${path} to use new image${images.length === 1 ? '' : 's'}\n\n${lines.join('\n')}`;
}
