import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, renameSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitClear } from '../../../src/activities/steps/git-clear.ts';
import { gitClone } from '../../../src/activities/steps/git-clone.ts';
import { createTestRepository, runGit } from '../../support/git-repository.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';

describe('git-clear', () => {
  let rig: StepRig;

  beforeEach(async () => {
    rig = createStepRig();
    const files = { 'a.txt': 'a', 'd/b.txt': 'b', '.gitignore': '*.log\n', 'kept.log': 'tracked' };
    const commits = [{ id: 'c1', branch: 'main', files, message: 'one' }];
    const { url } = createTestRepository(join(rig.folder, 'origin'), { commits });
    await rig.run(gitClone, { repoURL: url, checkout: [{ path: 'src', branch: 'main' }] });
  });
  afterEach(() => rig.remove());

  it('removes what is tracked or would be, and keeps what is ignored', async () => {
    writeFileSync(join(rig.root, 'src/new'), '');
    writeFileSync(join(rig.root, 'src/x.log'), '');
    await rig.run(gitClear, { path: './src' });
    assert.deepEqual(readdirSync(join(rig.root, 'src')).sort(), ['.git', 'x.log']);
  });

  it('goes on after an attempt that was killed while it held the index', async () => {
    const gitFolder = runGit(join(rig.root, 'src'), ['rev-parse', '--absolute-git-dir']);
    writeFileSync(join(gitFolder, 'index.lock'), '');
    await rig.run(gitClear, { path: 'src' });
    assert.deepEqual(readdirSync(join(rig.root, 'src')), ['.git']);
  });

  it('gives the same result again, also for a folder', async () => {
    for (const path of ['src/d', 'src/d', 'src', 'src']) await rig.run(gitClear, { path });
    assert.deepEqual(readdirSync(join(rig.root, 'src')).sort(), ['.git', 'd']);
    assert.equal(runGit(join(rig.root, 'src'), ['ls-files']), '');
  });

  it('follows no link out of the workspace', async () => {
    const outside = join(rig.folder, 'outside');
    const config = { repoURL: join(rig.folder, 'origin'), checkout: [{ path: 'other', commit: 'main' }] };
    await rig.run(gitClone, config, { alias: 'other' });
    renameSync(join(rig.root, 'other'), outside);
    symlinkSync(outside, join(rig.root, 'src/absolute'));
    symlinkSync('../../outside', join(rig.root, 'src/relative'));
    for (const link of ['src/absolute', 'src/relative']) {
      await assert.rejects(rig.run(gitClear, { path: link }), new RegExp(`^Error: ${link} does not exist`));
    }
    await rig.run(gitClear, { path: 'src' });
    assert.ok(readdirSync(outside).includes('a.txt'));
  });

  const internals = [
    'src/.git',
    '.home',
    '.home/repositories/CLONE/bare',
    '.home/repositories/CLONE/bare/worktrees/src',
  ];
  for (const path of internals) {
    it(`takes no inside of a repository: ${path}`, async () => {
      const list = () => readdirSync(join(rig.root, '.home'), { recursive: true }).map(String).sort();
      const [clone] = readdirSync(join(rig.root, '.home/repositories'));
      const before = list();
      await assert.rejects(
        rig.run(gitClear, { path: path.replace('CLONE', clone!) }),
        /is no work tree that a git-clone step/,
      );
      assert.deepEqual(list(), before);
    });
  }

  it('takes no repository that git-clone did not make', async () => {
    const foreign = join(rig.root, 'foreign');
    mkdirSync(foreign);
    runGit(foreign, ['init', '--quiet', '.']);
    writeFileSync(join(foreign, 'precious'), '');
    await assert.rejects(
      rig.run(gitClear, { path: 'foreign' }),
      /foreign is no work tree that a git-clone step/,
    );
    mkdirSync(join(rig.root, 'planted'));
    writeFileSync(join(rig.root, 'planted/.git'), `gitdir: ${foreign}/.git\n`);
    await assert.rejects(rig.run(gitClear, { path: 'planted' }), /planted is no work tree/);
    assert.deepEqual(readdirSync(foreign).sort(), ['.git', 'precious']);
  });
});
