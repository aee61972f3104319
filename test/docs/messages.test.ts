import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { readPage } from '../support/markdown.ts';

const sources = new URL('../../src/', import.meta.url);
const code = readdirSync(sources, { recursive: true, encoding: 'utf8' })
  .filter((path) => path.endsWith('.ts'))
  .map((path) => readFileSync(new URL(path, sources), 'utf8'))
  .join('\n');

describe('the messages that the pages explain', () => {
  for (const path of ['docs/errors.md', 'docs/credentials.md']) {
    it(`are still given: ${path}`, () => {
      const parts = messagesOf(readPage(path).text).flatMap((message) => message.split('...'));
      assert.ok(parts.length > 5);
      assert.deepEqual(
        parts.filter((part) => !code.includes(part)),
        [],
      );
    });
  }
});

/** Code in the first column of tables of messages. */
function messagesOf(text: string): readonly string[] {
  const tables = [...text.matchAll(/^\| Message .*\n((?:\|.*\n)*)/gm)].map(([, rows]) => rows!);
  const cells = tables.flatMap((rows) => rows.split('\n').map((row) => row.split('|')[1] ?? ''));
  return cells.flatMap((cell) =>
    [...cell.matchAll(/`([^`]+)`/g)]
      .map(([, message]) => message!)
      .filter((message) => message.includes(' ')),
  );
}
