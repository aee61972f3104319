import { lstat } from 'node:fs/promises';
import { TerminalError } from '../../core/errors.ts';
import { boolean, object, optional, string } from '../../core/schema/describe.ts';
import { defineStep } from '../define-step.ts';
import { placeDownload } from '../download-file.ts';
import { aboutAddresses, createRequest, requestFields } from '../http-request.ts';

export const httpDownload = defineStep({
  kind: 'http-download',
  summary: 'Downloads a file into the workspace.',
  description: [
    'The file appears as a whole or not at all, at most 100 MiB, its bytes as the server stores them. A status other than',
    '2xx counts as an error and ends the step as Failed.',
    '',
    aboutAddresses,
  ].join('\n'),
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,

  config: object({
    ...requestFields,
    outPath: string('Where the file goes.', { minLength: 1 }),
    allowOverwrite: optional(boolean('Replace what exists there.', { default: false })),
    checksum: optional(
      string('What the file must have: `sha256:` or `sha512:` and hexadecimal digits.', {
        pattern: '^(sha256:[0-9a-fA-F]{64}|sha512:[0-9a-fA-F]{128})?$',
        'x-message': 'must be sha256: with 64 hexadecimal digits, or sha512: with 128',
      }),
    ),
    timeout: optional(string('Limit of the whole transfer.', { default: '5m', duration: true })),
  }),

  examples: [
    {
      title: 'Fetch a manifest of a release',
      config: {
        url: "https://downloads.example.com/app/${{ imageFrom('ghcr.io/example/app').Tag }}/manifest.yaml",
        outPath: './src/manifest.yaml',
        allowOverwrite: true,
      },
    },
    {
      title: 'Only the very file that was released',
      config: {
        url: 'https://downloads.example.com/tool.tar.gz',
        outPath: './tool.tar.gz',
        checksum: 'sha256:e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
      },
    },
  ],

  async run({ outPath, allowOverwrite = false, checksum, ...config }, { workspace, http, again }) {
    const file = await workspace.resolve(outPath);
    if (file === workspace.root)
      throw refuse(`outPath "${outPath}" is the workspace itself: name a file in it`);
    // What an earlier attempt looked for and did not find can only be its own.
    const found = again || allowOverwrite ? undefined : await lstat(file).catch(() => undefined);
    if (found) throw refuse(`outPath "${outPath}" exists; set allowOverwrite to true to replace it`);
    const request = createRequest(config, 'GET', '5m');
    const from = request.url.origin + request.url.pathname;
    const download = {
      root: workspace.root,
      file,
      maximum: maximumBytes,
      from,
      checksum: checksum || undefined,
    };
    await http.send(request, (answer) => placeDownload(answer, download), { asStored: true });
    return {};
  },
});

const maximumBytes = 100 * 1024 * 1024;

function refuse(message: string): TerminalError {
  return new TerminalError(message, { status: 'Errored' });
}
