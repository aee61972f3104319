import assert from 'node:assert/strict';
import { formatTable } from '../../../src/client/cli/table.ts';

describe('a table', () => {
  it('aligns columns, whatever their colour, and leaves no blanks at line ends', () => {
    const rows = [
      ['\u001b[32mok\u001b[39m', 'x'],
      ['failed', ''],
    ];
    assert.equal(
      formatTable(['PHASE', 'NAME'], rows),
      'PHASE   NAME\n\u001b[32mok\u001b[39m      x\nfailed\n',
    );
  });
});
