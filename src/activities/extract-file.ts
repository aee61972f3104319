import { messageOf } from '../core/errors.ts';
import type { DocumentFormat, Extraction } from '../core/extract/extract-outputs.ts';
import type { JsonObject } from '../core/json.ts';
import { list, object, string } from '../core/schema/describe.ts';
import type { StepWorld } from './define-step.ts';
import { readText } from './read-text.ts';
import { workAside } from './work-aside.ts';

/** How outputs are declared that expressions make of a document. */
export const extractions = list(
  'What to make of the contents.',
  object({
    name: string('Name of the output. Of a name that stands here twice the last one counts.', {
      minLength: 1,
    }),
    fromExpression: string('Expression over the contents, without `${{ }}`.', { minLength: 1 }),
  }),
  { minItems: 1 },
);

/** What the pages of all steps say that read a document. */
export const aboutExtraction = [
  'The keys of the document are the variables of the expressions: `image.tag`, `servers[0].port`. The document itself is',
  '`$env`: for a list (`$env[0]`), and for keys that are no names (`$env["my-key"]`). A name that is not there is nil;',
  '`a?.b` and `a ?? "default"` help. The functions of Kargo and `ctx`, `vars`, `outputs` are not available in them: put',
  '`${{ }}` around those, it is evaluated before the file is read.',
].join('\n');

/** Outputs made of a file. Rejects with path, line and column of what is wrong in it, or with every faulty expression. */
export async function extractFile(
  format: DocumentFormat,
  { path, outputs }: { readonly path: string; readonly outputs: readonly Extraction[] },
  { workspace, signal }: StepWorld,
): Promise<JsonObject> {
  const { text } = await readText(workspace, path);
  return workAside('extractOutputs', [format, text, outputs], signal).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new Error(`${path}: ${messageOf(error)}`, { cause: error });
  });
}
