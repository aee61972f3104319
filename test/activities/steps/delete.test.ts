import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deleteFiles } from '../../../src/activities/steps/delete.ts';
import { TerminalError } from '../../../src/core/errors.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { readTree, writeCaseFiles } from '../../support/step-case-files.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';

describe('delete', () => {
  let rig: StepRig;
  beforeEach(() => {
    rig = createStepRig();
    writeCaseFiles(rig.folder, { 'outside/a': 'precious' });
    writeCaseFiles(rig.root, {
      a: '1',
      'd/a': '2',
      'd/e/a': '3',
      link: { symlink: 'd' },
      out: { symlink: join(rig.folder, 'outside') },
    });
  });
  afterEach(() => rig.remove());

  const everything = ['a', 'd/a', 'd/e/a', 'link', 'out'];
  const left = () => [...readTree(rig.root).keys()].sort();

  const cases: readonly (readonly [title: string, config: JsonObject, left: readonly string[]])[] = [
    ['a folder and what is in it', { paths: ['d', 'd/a'] }, ['a', 'link', 'out']],
    ['one thing named twice', { paths: ['a', './a', '/a'], strict: true }, ['d/a', 'd/e/a', 'link', 'out']],
    ['through a link that stays inside', { path: 'link/a' }, ['a', 'd/e/a', 'link', 'out']],
    ['a link that leads out, itself', { path: 'out' }, ['a', 'd/a', 'd/e/a', 'link']],
    ['nothing below a file', { path: 'a/b' }, everything],
    ['nothing in a folder that is not there', { path: 'x/y' }, everything],
    ['nothing through links by pattern', { paths: ['{link,out}/*'], pathsAreGlobs: true }, everything],
    ['links by pattern, themselves', { paths: ['{link,out}'], pathsAreGlobs: true }, ['a', 'd/a', 'd/e/a']],
    ['everything', { path: '**', pathsAreGlobs: true }, []],
    [
      'what two patterns mean, one inside the other',
      { paths: ['d', 'd/e/a'], pathsAreGlobs: true, strict: true },
      ['a', 'link', 'out'],
    ],
  ];
  for (const [title, config, expected] of cases) {
    it(`deletes ${title}`, async () => {
      await rig.run(deleteFiles, config);
      assert.deepEqual(left(), expected);
      assert.equal(readFileSync(join(rig.folder, 'outside/a'), 'utf8'), 'precious');
    });
  }

  const refused: readonly (readonly [title: string, config: JsonObject, message: RegExp])[] = [
    ['a way out through a link', { paths: ['a', 'out/a'] }, /^path "out\/a" leads out of the workspace/],
    ['a way out by name', { paths: ['a', 'd/../../outside/a'] }, /leads out of the workspace/],
    ['the workspace', { paths: ['a', 'd/..'] }, /is the workspace itself$/],
    ['what is not there, strictly', { paths: ['a', 'x'], strict: true }, /^path "x" does not exist$/],
    [
      'patterns that fit nothing, strictly',
      { paths: ['a', 'x*', 'y*'], pathsAreGlobs: true, strict: true },
      /^no path fits "x\*", "y\*"$/,
    ],
  ];
  for (const [title, config, message] of refused) {
    it(`refuses ${title}, and deletes nothing`, async () => {
      await assert.rejects(rig.run(deleteFiles, config), { message });
      assert.deepEqual(left(), everything);
    });
  }

  it('ends for good with a pattern that makes no sense', async () => {
    const config = { paths: ['*', '[a'], pathsAreGlobs: true };
    await assert.rejects(rig.run(deleteFiles, config), TerminalError);
    assert.deepEqual(left(), everything);
  });

  it('asks for either path or paths', async () => {
    await assert.rejects(rig.run(deleteFiles, {}), { message: /one of path or paths must be set/ });
    await assert.rejects(rig.run(deleteFiles, { path: 'a', paths: ['b'] }), {
      message: /only one of path and paths/,
    });
  });
});
