import assert from 'node:assert/strict';
import { createProgress } from '../../../src/client/cli/progress.ts';

function record() {
  const written: string[] = [];
  return { written, err: { write: (text: string) => void written.push(text) } };
}

describe('progress', () => {
  it('writes over one line of a screen, and takes it away', () => {
    const shown: (readonly string[])[] = [];
    const show = (lines: readonly string[]): void => void shown.push(lines);
    const progress = createProgress({ err: { ...record().err, isTTY: true, show } });
    progress.update('one\nand more');
    progress.update('two');
    progress.clear();
    assert.deepEqual(shown, [['one'], ['two'], []]);
  });

  it('writes new lines into a pipe, seldom and only what is new', () => {
    const { written, err } = record();
    const progress = createProgress({ err }, 0);
    for (const text of ['one', 'one', 'two']) progress.update(text);
    progress.clear();
    const rare = createProgress({ err }, 60_000);
    for (const text of ['three', 'four']) rare.update(text);
    assert.deepEqual(written, ['one\n', 'two\n', 'three\n']);
  });
});
