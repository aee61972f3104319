import assert from 'node:assert/strict';
import {
  chmodSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { placeFile } from '../../src/activities/place-file.ts';

describe('a file put in place', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'gantry-place-'));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const modeOf = (path: string) => lstatSync(join(root, path)).mode & 0o777;

  it('is for its owner only when it is new, folders too', async () => {
    await placeFile(root, join(root, 'a/b/c'), 'text');
    assert.deepEqual(
      [modeOf('a/b/c'), modeOf('a'), readFileSync(join(root, 'a/b/c'), 'utf8')],
      [0o600, 0o700, 'text'],
    );
  });

  it('keeps the mode it had', async () => {
    writeFileSync(join(root, 'a'), 'old');
    chmodSync(join(root, 'a'), 0o755);
    await placeFile(root, join(root, 'a'), 'new');
    assert.deepEqual([modeOf('a'), readFileSync(join(root, 'a'), 'utf8')], [0o755, 'new']);
  });

  it('replaces a link, also one that waits where the draft goes', async () => {
    writeFileSync(join(root, 'precious'), 'x');
    symlinkSync('precious', join(root, 'a'));
    symlinkSync('precious', join(root, '.draft-a'));
    await placeFile(root, join(root, 'a'), 'new');
    assert.deepEqual(
      [readFileSync(join(root, 'precious'), 'utf8'), readFileSync(join(root, 'a'), 'utf8')],
      ['x', 'new'],
    );
    assert.ok(lstatSync(join(root, 'a')).isFile());
  });

  it('leaves nothing behind when it cannot be put there', async () => {
    mkdirSync(join(root, 'a/full'), { recursive: true });
    await assert.rejects(placeFile(root, join(root, 'a'), 'new'));
    assert.deepEqual(readdirSync(root), ['a']);
  });
});
