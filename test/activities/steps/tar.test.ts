import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { linkSync, mkdirSync, readdirSync, readFileSync, utimesSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { tar } from '../../../src/activities/steps/tar.ts';
import { writeCaseFiles } from '../../support/step-case-files.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';
import { unpackTar } from '../../support/tar.ts';

describe('tar', () => {
  let rig: StepRig;
  beforeEach(() => {
    rig = createStepRig();
  });
  afterEach(() => rig.remove());
  const archive = (name = 'o.tar') => readFileSync(join(rig.root, name));
  const names = () => unpackTar(archive()).entries?.map(({ name }) => name);

  it('makes the same bytes of the same files, whenever and however they were made', async () => {
    writeCaseFiles(rig.root, { 'a/x': '1', 'a/y/z': '2', 'b/y/z': '2', 'b/x': '1' });
    utimesSync(join(rig.root, 'a/x'), 1, 1);
    for (const gzip of [true, false]) {
      await rig.run(tar, { inPath: 'a', outPath: 'a.tar', gzip });
      await rig.run(tar, { inPath: 'b', outPath: 'b.tar', gzip });
      assert.deepEqual(archive('a.tar'), archive('b.tar'));
    }
  });

  it('is read by others', async () => {
    writeCaseFiles(rig.root, { 'd/größe': '1', 'd/-rf': '2', 'd/@x': '3', 'd/l': { symlink: 'größe' } });
    await rig.run(tar, { inPath: 'd', outPath: 'o.tar.gz', gzip: true });
    const listed = execFileSync('tar', [
      '--list',
      '--file',
      join(rig.root, 'o.tar.gz'),
      '--quoting-style=literal',
    ]);
    assert.deepEqual(listed.toString().trim().split('\n'), ['-rf', '@x', 'größe', 'l']);
  });

  it('stores a file with two names twice', async () => {
    writeCaseFiles(rig.root, { 'd/a': 'x' });
    linkSync(join(rig.root, 'd/a'), join(rig.root, 'd/b'));
    linkSync(join(rig.root, 'd/a'), join(rig.root, 'd/c'));
    await rig.run(tar, { inPath: 'd', outPath: 'o.tar' });
    const texts = unpackTar(archive()).entries?.map(({ name, text }) => [name, text]);
    assert.deepEqual(texts, [
      ['a', 'x'],
      ['b', 'x'],
      ['c', 'x'],
    ]);
  });

  it('leaves itself out, so that doing it again makes the same', async () => {
    writeCaseFiles(rig.root, { a: 'x', '.draft-o.tar': 'half' });
    await rig.run(tar, { inPath: '.', outPath: 'sub/o.tar', ignore: '.draft*' });
    const first = archive('sub/o.tar');
    await rig.run(tar, { inPath: '.', outPath: 'sub/o.tar', ignore: '.draft*\nsub/' });
    assert.deepEqual(archive('sub/o.tar'), first);
  });

  it('follows no link inside, and leaves pipes out', async () => {
    writeCaseFiles(rig.root, { 'd/l': { symlink: '/etc' }, 'd/a': 'x' });
    execFileSync('mkfifo', [join(rig.root, 'd/p')]);
    await rig.run(tar, { inPath: 'd', outPath: 'o.tar' });
    assert.deepEqual(names(), ['a', 'l']);
  });

  it('keeps the old archive when a limit is passed', async () => {
    writeCaseFiles(rig.root, { 'o.tar': 'old' });
    mkdirSync(join(rig.root, 'd'));
    for (const name of ['a', 'b', 'c'])
      writeFileSync(join(rig.root, 'd', name), Buffer.alloc(40 * 1024 * 1024));
    await assert.rejects(rig.run(tar, { inPath: 'd', outPath: 'o.tar' }), {
      message: 'inPath "d": the files have over 104857600 bytes in all',
    });
    assert.equal(archive().toString(), 'old');
    assert.deepEqual(readdirSync(rig.root).sort(), ['d', 'o.tar']);
  });

  it('says when it packs what belongs to Git', async () => {
    const warnings: string[] = [];
    const log = { info: () => undefined, warn: (text: string) => void warnings.push(text) };
    writeCaseFiles(rig.root, { 'd/.git/config': 'x', 'd/a': 'x' });
    await rig.run(tar, { inPath: 'd', outPath: 'o.tar', ignore: '*.log' }, { log });
    assert.deepEqual(names(), ['.git/', '.git/config', 'a']);
    assert.match(warnings.join(), /\.git is packed, too/);
  });

  const refused: readonly (readonly [string, string, RegExp])[] = [
    ['d', 'd', /outPath "d" is a folder/],
    ['d/a', 'd/a', /are the same/],
    ['nope', 'o.tar', /inPath "nope" does not exist/],
    ['d', '..', /outPath ".." is a folder/],
  ];
  for (const [inPath, outPath, message] of refused) {
    it(`refuses ${inPath} to ${outPath}`, async () => {
      writeCaseFiles(rig.root, { 'd/a': 'x' });
      await assert.rejects(rig.run(tar, { inPath, outPath }), { message });
    });
  }
});
