import { mkdir, writeFile as write } from 'node:fs/promises';
import { dirname } from 'node:path';
import { defineStep, integer, object, string, TerminalError } from 'gantry';

/** A step of your own: a declaration that is checked, documented and shown, and one function. */
export const writeFile = defineStep({
  kind: 'write-file',
  summary: 'Writes a text into a file of the workspace.',
  // It works on the files of the promotion, so it runs where they are; running it twice does no harm.
  place: 'workspace',
  effect: 'workspace',
  repeatable: true,

  config: object({
    path: string('Path of the file in the workspace; folders are made.', { minLength: 1 }),
    text: string('What to write. It replaces what was there.'),
  }),

  outputs: object({ bytes: integer('Size of the file.') }),

  examples: [
    {
      title: 'Note what was promoted',
      as: 'note',
      config: { path: 'notes/version.txt', text: "${{ imageFrom('example/hello').Tag }}" },
    },
  ],

  async run({ path, text }, { workspace, promotion, log }) {
    // Keeps paths inside the workspace, whatever users write and wherever links lead.
    const file = await workspace.resolve(path);
    if (file === workspace.root) throw new TerminalError(`path ${path} is the workspace itself: name a file`);
    await mkdir(dirname(file), { recursive: true });
    await write(file, text);
    log.info('Wrote a file', { path, promotion: promotion.name });
    return { output: { bytes: Buffer.byteLength(text) } };
  },
});
