import assert from 'node:assert/strict';
import { createProgress } from '../../../src/client/cli/progress.ts';

function record(isTTY: boolean) {
  const written: string[] = [];
  return { written, err: { isTTY, write: (text: string) => void written.push(text) } };
}

describe('progress', () => {
  it('writes over one line of a terminal, and takes it away', () => {
    const { written, err } = record(true);
    const progress = createProgress({ err });
    progress.update('one\nand more');
    progress.update('two');
    progress.clear();
    assert.deepEqual(written, ['\r\u001b[2Kone', '\r\u001b[2Ktwo', '\r\u001b[2K']);
  });

  it('writes new lines into a pipe, seldom and only what is new', () => {
    const { written, err } = record(false);
    const progress = createProgress({ err }, 0);
    for (const text of ['one', 'one', 'two']) progress.update(text);
    progress.clear();
    const rare = createProgress({ err }, 60_000);
    for (const text of ['three', 'four']) rare.update(text);
    assert.deepEqual(written, ['one\n', 'two\n', 'three\n']);
  });
});
