import { splitKey } from '../core/edit/key-path.ts';
import { messageOf } from '../core/errors.ts';
import type { JsonPath } from '../core/json.ts';
import type { StepWorld } from './define-step.ts';
import { placeFile } from './place-file.ts';
import { readText } from './read-text.ts';

/** What a step that sets values in a file does. */
export interface FileUpdate {
  readonly path: string;
  /** The new text of the file. */
  readonly edit: (text: string) => Promise<string>;
  /** What was set, one item per line. */
  readonly items: readonly string[];
}

/**
 * Gives a file a new text, or leaves it as it is when there is anything wrong; the answer is the message for git-commit.
 * Rejects with an Error that names the path.
 */
export async function updateFile(
  { path, edit, items }: FileUpdate,
  { workspace, signal }: StepWorld,
): Promise<{ readonly commitMessage: string }> {
  const { file, text } = await readText(workspace, path);
  const after = await edit(text).catch((error: unknown) => {
    if (signal.aborted) throw error;
    throw new Error(`${path}: ${messageOf(error)}`, { cause: error });
  });
  if (after !== text) await placeFile(workspace.root, file, after);
  return { commitMessage: `Updated ${path}\n\n${items.map((item) => `- ${item}`).join('\n')}` };
}

/** An update as users write it. */
export interface Update<Value> {
  readonly key: string;
  readonly value: Value;
}

/** The edits that updates mean. Throws an Error with every key that cannot be meant. */
export function readEdits<Value>(
  updates: readonly Update<Value>[],
): readonly { readonly path: JsonPath; readonly value: Value }[] {
  return readKeys('updates', updates, ({ key, value }) => ({ path: splitKey(key).map(readPart), value }));
}

/** What `read` makes of each item. Throws an Error with every item whose key cannot be meant, by its place in the field. */
export function readKeys<Item, Result>(
  field: string,
  items: readonly Item[],
  read: (item: Item, index: number) => Result,
): readonly Result[] {
  const problems: string[] = [];
  const results = items.flatMap((item, index) => {
    try {
      return [read(item, index)];
    } catch (error) {
      problems.push(`${field}[${index}].key: ${messageOf(error)}`);
      return [];
    }
  });
  if (problems.length > 0) throw new Error(problems.join('; '));
  return results;
}

/** Numbers in brackets read better in messages. */
function readPart(part: string): string | number {
  return /^(-1|0|[1-9]\d{0,8})$/.test(part) ? Number(part) : part;
}
