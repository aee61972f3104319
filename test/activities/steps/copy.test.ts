import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { copy } from '../../../src/activities/steps/copy.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { entryAs, readTree, writeCaseFiles, type CaseFile } from '../../support/step-case-files.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';

describe('copy', () => {
  let rig: StepRig;
  beforeEach(() => {
    rig = createStepRig();
  });
  afterEach(() => rig.remove());

  type Files = Readonly<Record<string, CaseFile>>;

  /** Runs it; what is there afterwards, folders that are empty with `/`. */
  async function run(files: Files, config: JsonObject): Promise<Readonly<Record<string, unknown>>> {
    writeCaseFiles(rig.root, files);
    await rig.run(copy, config);
    const tree = [...readTree(rig.root)].map(([path, entry]) => [path, entryAs(undefined, entry)]);
    return Object.fromEntries(tree) as Readonly<Record<string, unknown>>;
  }

  it('merges a folder into one that is there', async () => {
    const files = { 'src/a': 'new', 'src/b/c': 'c', 'dst/a': 'old', 'dst/z': 'z' };
    assert.deepEqual(await run(files, { inPath: 'src', outPath: 'dst' }), {
      ...files,
      'dst/a': 'new',
      'dst/b/c': 'c',
    });
  });

  it('gives a file that is there the permissions of the one that replaces it', async () => {
    const files = { src: { text: 'a', mode: '0750' }, dst: { text: 'b', mode: '0600' } };
    await run(files, { inPath: 'src', outPath: 'dst' });
    assert.equal(readTree(rig.root).get('dst')?.mode, '0750');
  });

  it('keeps bytes that are no text, and folders that only their owner may enter', async () => {
    writeCaseFiles(rig.root, { 'src/x/bytes': { base64: '/wD+AA==' } });
    chmodSync(join(rig.root, 'src/x'), 0o700);
    await rig.run(copy, { inPath: 'src', outPath: 'dst' });
    assert.equal(readFileSync(join(rig.root, 'dst/x/bytes'), 'base64'), '/wD+AA==');
    const mode = execFileSync('stat', ['-c', '%a', join(rig.root, 'dst/x')], { encoding: 'utf8' });
    assert.equal(mode, '700\n');
  });

  it('copies a folder over the one above it', async () => {
    const files = { 'a/b/b/x': '1', 'a/b/y': '2' };
    assert.deepEqual(await run(files, { inPath: 'a/b', outPath: 'a' }), {
      'a/b/b/x': '1',
      'a/b/x': '1',
      'a/b/y': '2',
      'a/y': '2',
    });
  });

  it('brings back by name what lies in a folder whose content is ignored', async () => {
    const files = { 'src/e/keep': 'k', 'src/e/other': 'o', 'src/f/x': 'x' };
    const config = { inPath: 'src', outPath: 'dst', ignore: 'e/**\nf/**\n!e/keep' };
    assert.deepEqual(await run(files, config), { ...files, 'dst/e/keep': 'k' });
  });

  it('writes nothing outside through links in the target', async () => {
    writeCaseFiles(rig.folder, { 'outside/a': 'precious', 'outside/b/c': 'precious' });
    const outside = join(rig.folder, 'outside');
    const files = {
      'src/a': 'new',
      'src/b/c': 'new',
      'dst/a': { symlink: join(outside, 'a') },
      'dst/b': { symlink: join(outside, 'b') },
    };
    await run(files, { inPath: 'src', outPath: 'dst' });
    assert.equal(readFileSync(join(outside, 'a'), 'utf8'), 'precious');
    assert.equal(readFileSync(join(outside, 'b/c'), 'utf8'), 'precious');
    assert.equal(readFileSync(join(rig.root, 'dst/a'), 'utf8'), 'new');
  });

  it('leaves out what is neither file nor folder', async () => {
    writeCaseFiles(rig.root, { 'src/a': '1' });
    execFileSync('mkfifo', [join(rig.root, 'src/pipe')]);
    await rig.run(copy, { inPath: 'src', outPath: 'dst' });
    assert.deepEqual([...readTree(join(rig.root, 'dst')).keys()], ['a']);
  });

  it('gives the same when it runs again', async () => {
    const config = { inPath: 'src', outPath: 'dst', ignore: '*.md' };
    const first = await run({ 'src/a': '1', 'src/b.md': '2' }, config);
    assert.deepEqual(await run({}, config), first);
  });

  const refused: readonly (readonly [title: string, files: Files, config: JsonObject, message: RegExp])[] = [
    ['what is not there', {}, { inPath: 'x', outPath: 'y' }, /^inPath "x" does not exist$/],
    [
      'a folder into itself',
      { 'a/b': '' },
      { inPath: 'a', outPath: 'a/c' },
      /^outPath "a\/c" lies in inPath "a"/,
    ],
    ['a folder onto itself', { 'a/b': '' }, { inPath: 'a', outPath: './a/' }, /are the same: a$/],
    [
      'a folder into itself through a link',
      { 'a/b': '', l: { symlink: 'a' } },
      { inPath: 'a', outPath: 'l/c' },
      /lies in inPath "a"/,
    ],
    ['a folder onto a file', { 'a/b': '', c: '' }, { inPath: 'a', outPath: 'c' }, /^outPath "c" is a file/],
    ['a file onto a folder', { a: '', 'c/d': '' }, { inPath: 'a', outPath: 'c' }, /^outPath "c" is a folder/],
    [
      'a file onto a folder below',
      { 'a/x': '', 'c/x/y': '' },
      { inPath: 'a', outPath: 'c' },
      /^outPath "c\/x" is a folder/,
    ],
  ];
  for (const [title, files, config, message] of refused) {
    it(`refuses ${title}`, () => assert.rejects(run(files, config), { message }));
  }

  it('stops when it is told to', async () => {
    writeCaseFiles(rig.root, { 'src/a': '1' });
    const signal = AbortSignal.abort(new Error('stop'));
    await assert.rejects(rig.run(copy, { inPath: 'src', outPath: 'dst' }, { signal }), { message: 'stop' });
  });
});
