import { TerminalError, messageOf } from '../../core/errors.ts';
import { splitAnnotations } from '../../core/oci/annotate.ts';
import { parseReference, referencePattern, taggedPattern } from '../../core/oci/reference.ts';
import { boolean, map, object, optional, string } from '../../core/schema/describe.ts';
import { copyArtifact } from '../../providers/oci/copy-artifact.ts';
import { defineStep } from '../define-step.ts';
import { aboutAddresses } from '../http-request.ts';
import { aboutRegistries } from '../registry-fields.ts';

export const ociPush = defineStep({
  kind: 'oci-push',
  summary: 'Copies an image, chart or other artifact in or between registries, or gives it another tag.',
  description: [
    'An index is copied with the images of all platforms. What the destination has already is not sent again, and the tag',
    'moves last. The digest stays the same unless annotations are added. Between repositories at most 1 GiB is copied; the',
    'operator sets the limit with `oci.maxPushSize`.',
    '',
    aboutRegistries,
    '',
    aboutAddresses,
  ].join('\n'),
  place: 'io',
  effect: 'external',
  repeatable: true,

  config: object({
    srcRef: string('What to copy, with tag or digest: `ghcr.io/example/app:v1`, `oci://` before a chart.', {
      pattern: referencePattern,
      'x-message': 'must be host/repository:tag or host/repository@digest, oci:// before it for a chart',
    }),
    destRef: string('What it is to be called, with a tag.', {
      pattern: taggedPattern,
      'x-message': 'must be host/repository:tag, oci:// before it for a chart',
    }),
    annotations: optional(
      map(
        'Annotations to add to the image, or with `index:` before the key to an index of images.',
        string('Text.'),
      ),
    ),
    insecureSkipTLSVerify: optional(
      boolean('Do not check the certificates of the registries.', { default: false }),
    ),
  }),

  outputs: object({
    image: string('The destination, without `oci://`.'),
    digest: string('Digest of what was pushed.'),
    tag: string('Tag of the destination.'),
  }),

  examples: [
    {
      title: 'Mark the promoted image as the one of the stage',
      as: 'retag',
      config: {
        srcRef: "ghcr.io/example/app:${{ imageFrom('ghcr.io/example/app').Tag }}",
        destRef: 'ghcr.io/example/app:${{ ctx.stage }}',
      },
    },
    {
      title: 'Copy a chart into the registry of production, saying where it comes from',
      config: {
        srcRef: 'oci://ghcr.io/example/charts/app:1.2.0',
        destRef: 'oci://registry.example.com/charts/app:1.2.0',
        annotations: { 'com.example.promoted-by': '${{ ctx.promotion }}' },
      },
    },
  ],

  async run({ srcRef, destRef, annotations = {}, insecureSkipTLSVerify = false }, { registries, signal }) {
    const [from, to] = [read(srcRef, 'srcRef'), read(destRef, 'destRef')];
    const options = { skipVerify: insecureSkipTLSVerify };
    const tag = to.tag!;
    const digest = await copyArtifact({
      source: await registries.open(from, options),
      version: from.digest ?? from.tag!,
      target: await registries.open(to, options),
      tag,
      annotations: splitAnnotations(annotations),
      maximum: registries.maximumCopy,
      signal,
    });
    return { output: { image: to.text, digest, tag } };
  },
});

function read(reference: string, field: string): ReturnType<typeof parseReference> {
  try {
    return parseReference(reference);
  } catch (error) {
    throw new TerminalError(`${field}: ${messageOf(error)}`, { cause: error });
  }
}
