import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { explainDisk } from '../../src/activities/explain-disk.ts';
import { messageOf, TerminalError, TransientError } from '../../src/core/errors.ts';

describe('explainDisk', () => {
  const full = [
    "ENOSPC: no space left on device, write '/w/a'",
    "EROFS: read-only file system, open '/w/a'",
    'checkout[0] (./src): error: unable to write file large.txt',
    'fatal: unable to write new index file',
    'fatal: sha1 file write error: No space left on device',
    'fatal: cannot create directory: Disk quota exceeded',
    'git was killed by SIGXFSZ',
  ];
  for (const message of full) {
    it(`tells where to look: ${message}`, async () => {
      const text = messageOf(await explainDisk(new Error(message), tmpdir()));
      assert.ok(
        text.startsWith(`${message}\nThe worker cannot write: check the disk of its workspaces folder (`),
      );
      assert.match(text, /\(\d+ of \d+ MiB are free now\)$/);
    });
  }

  it('does without the room where there is none to ask', async () => {
    const text = messageOf(await explainDisk(new Error('ENOSPC'), '/nowhere/at/all'));
    assert.equal(text, 'ENOSPC\nThe worker cannot write: check the disk of its workspaces folder');
  });

  it('keeps how a step wants to end', async () => {
    const error = new TransientError('ENOSPC', { status: 'Failed', output: { a: 1 } });
    const explained = await explainDisk(error, '/nowhere/at/all');
    assert.ok(explained instanceof TransientError);
    assert.deepEqual([explained.status, explained.output], ['Failed', { a: 1 }]);
  });

  const others = [
    new Error('the repository does not exist'),
    new Error('MENOSPC1'),
    new TerminalError('ENOSPC is no image'),
    'ENOENT',
  ];
  for (const error of others) {
    it(`leaves ${String(error)} alone`, async () => {
      assert.equal(await explainDisk(error, tmpdir()), error);
    });
  }
});
