import { lstat } from 'node:fs/promises';
import { TerminalError, messageOf } from '../../core/errors.ts';
import { readManifest, type Descriptor } from '../../core/oci/manifest.ts';
import { parseReference, referencePattern } from '../../core/oci/reference.ts';
import { boolean, object, optional, string } from '../../core/schema/describe.ts';
import type { Repository } from '../../providers/oci/registries.ts';
import { defineStep } from '../define-step.ts';
import { placeDownload } from '../download-file.ts';
import { aboutAddresses } from '../http-request.ts';
import { aboutRegistries } from '../registry-fields.ts';

export const ociDownload = defineStep({
  kind: 'oci-download',
  summary: 'Downloads one layer of an image, chart or other artifact from a registry into a file.',
  description: [
    'The file holds the layer as the registry stores it: a chart is a `.tgz`, a layer of an image a compressed archive (see',
    'untar). It appears as a whole or not at all, is what its digest says, and has at most 100 MiB. Of an index of images the',
    'one for linux/amd64 is taken.',
    '',
    aboutRegistries,
    '',
    aboutAddresses,
  ].join('\n'),
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,

  config: object({
    imageRef: string(
      'What to download, with tag or digest: `ghcr.io/example/app:v1`, `oci://` before a chart.',
      {
        pattern: referencePattern,
        'x-message': 'must be host/repository:tag or host/repository@digest, oci:// before it for a chart',
      },
    ),
    outPath: string('Where the file goes.', { minLength: 1 }),
    allowOverwrite: optional(boolean('Replace what exists there.', { default: false })),
    mediaType: optional(
      string('Take the first layer of this media type. Without it: the first layer.', { minLength: 1 }),
    ),
    insecureSkipTLSVerify: optional(
      boolean('Do not check the certificate of the registry.', { default: false }),
    ),
  }),

  examples: [
    {
      title: 'Fetch the promoted chart',
      config: {
        imageRef:
          "oci://ghcr.io/example/charts/app:${{ chartFrom('oci://ghcr.io/example/charts/app').Version }}",
        outPath: './app.tgz',
        mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip',
      },
    },
  ],

  async run(config, { workspace, registries, again }) {
    const { outPath, allowOverwrite = false, mediaType, insecureSkipTLSVerify = false } = config;
    const reference = read(config.imageRef);
    const file = await workspace.resolve(outPath);
    if (file === workspace.root)
      throw refuse(`outPath "${outPath}" is the workspace itself: name a file in it`);
    // What an earlier attempt looked for and did not find can only be its own.
    const found = again || allowOverwrite ? undefined : await lstat(file).catch(() => undefined);
    if (found) throw refuse(`outPath "${outPath}" exists; set allowOverwrite to true to replace it`);
    const repository = await registries.open(reference, { skipVerify: insecureSkipTLSVerify });
    const layer = pick(
      await findLayers(repository, reference.digest ?? reference.tag!),
      mediaType,
      reference.text,
    );
    if (layer.size > maximumBytes)
      throw refuse(
        `${reference.text}: the layer has ${layer.size} bytes, more than the ${maximumBytes} that can be downloaded`,
      );
    const download = {
      root: workspace.root,
      file,
      maximum: maximumBytes,
      from: `${reference.text}: the layer`,
      checksum: layer.digest,
    };
    await repository.openBlob(layer.digest, (answer) => placeDownload(answer, download));
    return {};
  },
});

const maximumBytes = 100 * 1024 * 1024;

function read(imageRef: string): ReturnType<typeof parseReference> {
  try {
    return parseReference(imageRef);
  } catch (error) {
    throw new TerminalError(`imageRef: ${messageOf(error)}`, { cause: error });
  }
}

async function findLayers(repository: Repository, version: string): Promise<readonly Descriptor[]> {
  const { mediaType, bytes } = await repository.readManifest(version);
  const manifest = readManifest(mediaType, bytes.toString());
  if (!manifest)
    throw new Error(`${repository.name}: ${version} is of the kind ${mediaType}, which has no layers`);
  if (manifest.kind === 'image') return manifest.layers;
  const platforms = manifest.manifests.flatMap(({ platform }) => platform ?? []);
  const image = manifest.manifests.find(({ platform }) => platform === wantedPlatform);
  if (image) return findLayers(repository, image.digest);
  throw new Error(
    `${repository.name}: ${version} has no image for ${wantedPlatform}, only ${platforms.join(', ')}`,
  );
}

const wantedPlatform = 'linux/amd64';

function pick(layers: readonly Descriptor[], mediaType: string | undefined, name: string): Descriptor {
  const layer = layers.find((one) => mediaType === undefined || one.mediaType === mediaType);
  if (layer) return layer;
  const kinds = layers.map((one) => one.mediaType).join(', ');
  throw new Error(
    kinds ? `${name} has no layer of the media type ${mediaType}, only ${kinds}` : `${name} has no layers`,
  );
}

function refuse(message: string): TerminalError {
  return new TerminalError(message, { status: 'Errored' });
}
