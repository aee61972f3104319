import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitClone } from '../../../src/activities/steps/git-clone.ts';
import { gitCommit } from '../../../src/activities/steps/git-commit.ts';
import { gitPush } from '../../../src/activities/steps/git-push.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { openGitServer, type GitServer } from '../../support/git-http-server.ts';
import { createTestRepository, runGit, type TestRepository } from '../../support/git-repository.ts';
import { createStepRig, type StepRig, type StepWorldOptions } from '../../support/step-world.ts';
import { toolPath } from '../../support/tools.ts';

const password = 's3cret';
const content = `picture ${'x'.repeat(1000)}\n`;

describe('a repository with files of Git LFS', () => {
  let rig: StepRig;
  let origin: TestRepository;
  let server: GitServer;
  const attributes = 'docs/*.png filter=lfs diff=lfs merge=lfs -text\n';

  beforeEach(async () => {
    rig = createStepRig();
    origin = createTestRepository(join(rig.folder, 'srv/ops.git'), {
      commits: [
        {
          id: 'c1',
          branch: 'main',
          files: { '.gitattributes': attributes, 'docs/a.png': pointerOf(content), 'docs/b.txt': 'b\n' },
          message: 'one',
        },
      ],
    });
    server = await openGitServer(join(rig.folder, 'srv'), 'alice', password);
    server.large.set(idOf(content), Buffer.from(content));
    server.offerLarge(true);
  });
  afterEach(async () => {
    await server.close();
    rig.remove();
  });

  const world = (more: object = {}): StepWorldOptions => ({
    git: {
      credentials: { find: async () => ({ username: 'alice', password }) },
      findLfs: async () => toolPath('git-lfs'),
      ...more,
    },
  });
  const clone = (options = world(), more: JsonObject = {}, url = `${server.url}/ops.git`) =>
    rig.run(gitClone, { repoURL: url, checkout: [{ path: 'src', branch: 'main', ...more }] }, options);
  const read = (path: string) => readFileSync(join(rig.root, path), 'utf8');

  it('is cloned with their contents, again and again, and nothing looks changed', async () => {
    for (const _ of [1, 2]) {
      const { message } = await clone();
      assert.equal(message, undefined);
      assert.equal(read('src/docs/a.png'), content);
      const { status } = await rig.run(gitCommit, { path: 'src', message: 'none' }, world());
      assert.equal(status, 'Skipped');
    }
    assert.equal(
      server.passwords().every((text) => text === `alice:${password}`),
      true,
    );
  });

  it('is pushed with new ones: the server has the content, and the repository the pointer', async () => {
    await clone();
    writeFileSync(join(rig.root, 'src/docs/new.png'), 'new picture\n');
    writeFileSync(join(rig.root, 'src/docs/a.png'), 'other picture\n');
    await rig.run(gitCommit, { path: 'src', message: 'two' }, world());
    origin.add([{ id: 'c2', branch: 'main', files: { c: '1\n' }, message: 'meanwhile' }]);
    await rig.run(gitPush, { path: 'src' }, world());
    assert.equal(origin.git('show', 'main:docs/new.png'), pointerOf('new picture\n').trimEnd());
    assert.equal(origin.git('log', '--format=%s', 'main'), 'two\nmeanwhile\none');
    assert.deepEqual(
      ['new picture\n', 'other picture\n'].map((text) => server.large.get(idOf(text))?.toString()),
      ['new picture\n', 'other picture\n'],
    );
  });

  it('leaves out what a sparse checkout leaves out', async () => {
    await clone(world(), { sparse: ['other'] });
    assert.throws(() => read('src/docs/a.png'), { code: 'ENOENT' });
    await clone(world(), { sparse: ['docs'] });
    assert.equal(read('src/docs/a.png'), content);
  });

  it('keeps pointers where there is no git-lfs, and says so', async () => {
    const { message } = await clone(world({ findLfs: async () => undefined }));
    assert.equal(read('src/docs/a.png'), pointerOf(content));
    assert.match(
      message ?? '',
      /^checkout\[0\] \(src\): files of Git LFS stay pointers: this worker has no git-lfs/,
    );
    writeFileSync(join(rig.root, 'src/docs/b.txt'), '2\n');
    await rig.run(gitCommit, { path: 'src', message: 'two' }, world());
    await rig.run(gitPush, { path: 'src' }, world({ findLfs: async () => undefined }));
    assert.equal(origin.git('show', 'main:docs/a.png'), pointerOf(content).trimEnd());
  });

  it('keeps pointers where the server offers no such files, and says so', async () => {
    server.offerLarge(false);
    const { message } = await clone();
    assert.equal(read('src/docs/a.png'), pointerOf(content));
    assert.match(message ?? '', /stay pointers: http:\S+ops\.git does not offer them$/);
    writeFileSync(join(rig.root, 'src/docs/b.txt'), '2\n');
    await rig.run(gitCommit, { path: 'src', message: 'two' }, world());
    await rig.run(gitPush, { path: 'src' }, world());
    assert.equal(origin.git('show', 'main:docs/b.txt'), '2');
  });

  it('is refused when the server has lost one of them, and nothing of it stays', async () => {
    server.large.clear();
    const expected = new RegExp(`^Error: checkout\\[0\\] \\(src\\): .*${idOf(content)}.*not here`);
    await assert.rejects(clone(), expected);
    assert.throws(() => read('src/docs/b.txt'), { code: 'ENOENT' });
  });

  it('does not lead git-lfs to the disk of the worker', async () => {
    const bait = join(rig.folder, 'bait');
    runGit(rig.folder, ['init', '--quiet', bait]);
    const id = idOf(content);
    const place = join(bait, '.git/lfs/objects', id.slice(0, 2), id.slice(2, 4));
    mkdirSync(place, { recursive: true });
    writeFileSync(join(place, id), content);
    origin.add([
      {
        id: 'c2',
        branch: 'main',
        files: { '.lfsconfig': `[lfs]\n\turl = file://${bait}\n` },
        message: 'two',
      },
    ]);
    const { message } = await clone();
    assert.match(message ?? '', /\.lfsconfig names a server that is not asked/);
    assert.equal(read('src/docs/a.png'), pointerOf(content));
  });

  it('leaves nothing of one promotion to the next but pointers', async () => {
    await clone();
    rmSync(rig.root, { recursive: true });
    mkdirSync(rig.root);
    server.offerLarge(false);
    await clone();
    assert.equal(read('src/docs/a.png'), pointerOf(content));
  });
});

function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function pointerOf(text: string): string {
  return `version https://git-lfs.github.com/spec/v1\noid sha256:${idOf(text)}\nsize ${text.length}\n`;
}
