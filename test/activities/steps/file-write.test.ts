import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileWrite } from '../../../src/activities/steps/file-write.ts';
import { readTree, writeCaseFiles } from '../../support/step-case-files.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';

describe('file-write', () => {
  let rig: StepRig;
  beforeEach(() => {
    rig = createStepRig();
  });
  afterEach(() => rig.remove());

  const write = (config: Readonly<Record<string, string | boolean>>, again = false) =>
    rig.run(fileWrite, { path: 'a.txt', contents: 'hi', ...config }, { again });
  const content = () => readFileSync(join(rig.root, 'a.txt'), 'utf8');

  it('refuses a file that exists, even the same', async () => {
    await write({});
    await assert.rejects(write({}), { name: 'TerminalError', message: /set overwrite to true/ });
  });

  it('knows what its own attempt wrote before it was cut off', async () => {
    await write({ permissions: '0640' });
    await write({ permissions: '0640' }, true);
    assert.equal(content(), 'hi');
  });

  it('takes nothing else for its own', async () => {
    await write({ contents: 'other' });
    await assert.rejects(write({}, true), { name: 'TerminalError' });
    assert.equal(content(), 'other');
  });

  it('gives a file that it replaces the permissions asked for', async () => {
    writeCaseFiles(rig.root, { 'a.txt': { text: 'old', mode: '0644' } });
    await write({ overwrite: true, permissions: '0440' });
    assert.equal(readTree(rig.root).get('a.txt')?.mode, '0440');
  });

  const refused: readonly (readonly [path: string, message: RegExp])[] = [
    ['/etc/x', /must be relative/],
    ['..', /leads out/],
    ['a/../../x', /leads out/],
    ['.git/config', /\.git folder/],
    ['repo/.GIT/hooks/x', /\.git folder/],
    ['a\0b', /NUL/],
    ['link/x', /symbolic link/],
  ];
  for (const [path, message] of refused) {
    it(`refuses ${JSON.stringify(path)} and writes nothing`, async () => {
      writeCaseFiles(rig.root, { link: { symlink: '/' } });
      await assert.rejects(write({ path }), { name: 'TerminalError', message });
      assert.deepEqual([...readTree(rig.root).keys()], ['link']);
    });
  }

  it('explains a parent that is a file, without paths of this machine', async () => {
    writeFileSync(join(rig.root, 'f'), '');
    const message = 'what is above "f/a" is a file, not a folder';
    await assert.rejects(write({ path: 'f/a' }), { name: 'Error', message });
  });

  it('never replaces a folder', async () => {
    mkdirSync(join(rig.root, 'a.txt'));
    await assert.rejects(write({ overwrite: true }), { name: 'Error', message: 'path "a.txt" is no file' });
  });
});
