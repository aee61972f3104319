import assert from 'node:assert/strict';
import { existsSync, lstatSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { untar } from '../../../src/activities/steps/untar.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { readTree, writeCaseFiles } from '../../support/step-case-files.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';
import { packTar, type CaseArchiveEntry } from '../../support/tar.ts';

describe('untar', () => {
  let rig: StepRig;
  beforeEach(() => {
    rig = createStepRig();
  });
  afterEach(() => rig.remove());

  const run = (entries: readonly CaseArchiveEntry[] | Buffer, config: JsonObject = {}) => {
    const bytes = Buffer.isBuffer(entries) ? entries : packTar({ entries });
    writeFileSync(join(rig.root, 'in.tar'), bytes);
    return rig.run(untar, { inPath: 'in.tar', outPath: 'out', ...config });
  };
  const paths = (folder = 'out') => [...readTree(join(rig.root, folder)).keys()].sort();
  /** Everything outside of the workspace, and what lies beside the output in it. */
  const surroundings = () => [readdirSync(rig.folder), readdirSync(rig.root).sort()];

  const hostile: readonly (readonly [string, readonly CaseArchiveEntry[], RegExp])[] = [
    ['..', [{ name: '../evil', text: 'x' }], /\.\.\/evil: its path leads out of the archive/],
    ['.. further in', [{ name: 'a/../../../evil', text: 'x' }], /leads out of the archive/],
    ['an absolute path', [{ name: '/tmp/gantry-evil', text: 'x' }], /leads out of the archive/],
    ['a backslash', [{ name: '..\\evil', text: 'x' }], /leads out of the archive/],
    ['an absolute link', [{ name: 'l', type: 'symlink', link: '/etc' }], /l: its target leads out/],
    ['a link upwards', [{ name: 'l', type: 'symlink', link: '../..' }], /l: its target leads out/],
    ['a hard link', [{ name: 'h', type: 'hardlink', link: '../../in.tar' }], /h: a Link is neither/],
    ['a hard link inside', [{ name: 'h', type: 'hardlink', link: 'ok' }], /h: a Link is neither/],
    ['a pipe', [{ name: 'p', type: 'fifo' }], /p: a FIFO is neither/],
    ['a device', [{ name: 'd', type: 'chardev' }], /d: a CharacterDevice is neither/],
  ];
  for (const [name, entries, message] of hostile) {
    it(`leaves ${name} in the archive, and says so`, async () => {
      const outcome = await run([...entries, { name: 'ok', text: 'fine' }]);
      assert.match(outcome.message ?? '', message);
      assert.deepEqual(paths(), ['ok']);
      assert.deepEqual(surroundings(), [['workspace'], ['in.tar', 'out']]);
      assert.equal(existsSync('/tmp/gantry-evil'), false);
    });
  }

  it('writes through a link of the archive only to where it leads inside', async () => {
    await run([
      { name: 'd/', type: 'dir' },
      { name: 'one', type: 'symlink', link: 'd' },
      { name: 'two', type: 'symlink', link: './one' },
      { name: 'two/x', text: 'x' },
      { name: 'out', type: 'symlink', link: '/' },
      { name: 'out/evil', text: 'x' },
    ]);
    assert.deepEqual(paths(), ['d/x', 'one', 'out/evil', 'two']);
    assert.equal(lstatSync(join(rig.root, 'out/out')).isSymbolicLink(), false);
    assert.equal(existsSync('/evil'), false);
  });

  it('is not led astray by links in a circle', async () => {
    const outcome = await run([
      { name: 'a', type: 'symlink', link: 'b' },
      { name: 'b', type: 'symlink', link: 'a' },
      { name: 'a/x', text: 'x' },
    ]);
    assert.match(outcome.message ?? '', /a\/x: its path leads through links in a circle/);
    assert.deepEqual(paths(), ['a', 'b']);
  });

  it('lets a file take the place of a link instead of writing through it', async () => {
    writeCaseFiles(rig.root, { victim: 'old' });
    await run([
      { name: 'd', text: 'kept' },
      { name: 'l', type: 'symlink', link: 'd' },
      { name: 'l', text: 'new' },
    ]);
    assert.deepEqual(
      ['d', 'l'].map((name) => readFileSync(join(rig.root, 'out', name), 'utf8')),
      ['kept', 'new'],
    );
  });

  it('lets nothing of an archive become part of Git', async () => {
    writeCaseFiles(rig.root, { 'out/.git/config': 'mine' });
    await run([
      { name: '.git/config', text: 'theirs' },
      { name: 'sub/.GIT/hooks/post-checkout', text: 'evil' },
      { name: 'ok', text: 'x' },
    ]);
    assert.deepEqual(paths(), ['.git/config', 'ok']);
    assert.equal(readFileSync(join(rig.root, 'out/.git/config'), 'utf8'), 'mine');
  });

  const bombs: readonly (readonly [string, () => Buffer, RegExp])[] = [
    [
      'a file that is too large',
      () => packTar({ gzip: true, entries: [{ name: 'big', repeat: '\0', count: 51 * 1024 * 1024 }] }),
      /file "big" has 53477376 bytes/,
    ],
    [
      'files that are too large together',
      () =>
        packTar({
          gzip: true,
          entries: [1, 2, 3].map((n) => ({ name: `f${n}`, repeat: '\0', count: 40 * 1024 * 1024 })),
        }),
      /over 104857600 bytes in all/,
    ],
    [
      'what is left in the archive, too',
      () =>
        packTar({
          gzip: true,
          entries: [1, 2, 3].map((n) => ({ name: `../f${n}`, repeat: '\0', count: 40 * 1024 * 1024 })),
        }),
      /over 104857600 bytes in all/,
    ],
    [
      'a stream without end behind the archive',
      () =>
        Buffer.concat([
          packTar({ gzip: true, entries: [{ name: 'a', text: 'x' }] }),
          gzipSync(Buffer.alloc(400 * 1024 * 1024)),
        ]),
      /the archive is too large/,
    ],
  ];
  for (const [name, bytes, message] of bombs) {
    it(`stops at ${name}, and leaves everything as it was`, async () => {
      writeCaseFiles(rig.root, { 'out/old': 'x' });
      await assert.rejects(run(bytes()), { name: 'Error', message });
      assert.deepEqual([paths(), surroundings()[1]], [['old'], ['in.tar', 'out']]);
    });
  }

  const damaged: readonly (readonly [string, () => Buffer])[] = [
    [
      'an archive that is cut off',
      () => packTar({ entries: [{ name: 'a', repeat: 'x', count: 5000 }] }).subarray(0, 2000),
    ],
    [
      'a compressed one that is cut off',
      () => packTar({ gzip: true, entries: [{ name: 'a', repeat: 'xyz', count: 5000 }] }).subarray(0, 60),
    ],
    ['what is no archive', () => Buffer.from('no archive, '.repeat(100))],
    [
      'a header that was changed',
      () => {
        const bytes = packTar({
          entries: [
            { name: 'a', text: 'x' },
            { name: 'b', text: 'y' },
          ],
        });
        bytes.write('evil', 1024);
        return bytes;
      },
    ],
  ];
  for (const [name, bytes] of damaged) {
    it(`refuses ${name}, and leaves everything as it was`, async () => {
      writeCaseFiles(rig.root, { 'out/old': 'x' });
      await assert.rejects(run(bytes()), { name: 'Error', message: /^inPath "in.tar" cannot be unpacked: / });
      assert.deepEqual([paths(), surroundings()[1]], [['old'], ['in.tar', 'out']]);
    });
  }

  it('makes nothing but the same when it is done again on what was left half done', async () => {
    writeCaseFiles(rig.root, { '.draft-untar/half': 'x', 'out/old': 'x' });
    for (const _ of [1, 2]) {
      await run([{ name: 'a', text: 'x', mode: '0755' }]);
      assert.deepEqual([paths(), surroundings()[1]], [['a'], ['in.tar', 'out']]);
    }
  });

  it('takes no workspace for a folder', async () => {
    await assert.rejects(run([{ name: 'a', text: 'x' }], { outPath: '..' }), {
      message: /the workspace itself/,
    });
  });
});
