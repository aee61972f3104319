import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitClone } from '../../../src/activities/steps/git-clone.ts';
import { gitCommit } from '../../../src/activities/steps/git-commit.ts';
import { gitPush } from '../../../src/activities/steps/git-push.ts';
import { gitTag } from '../../../src/activities/steps/git-tag.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { createTestRepository, runGit, type TestRepository } from '../../support/git-repository.ts';
import { createStepRig, type StepRig, type StepWorldOptions } from '../../support/step-world.ts';

describe('git-tag', () => {
  let rig: StepRig;
  let origin: TestRepository;

  beforeEach(async () => {
    rig = createStepRig();
    origin = createTestRepository(join(rig.folder, 'origin'), {
      commits: [
        { id: 'c1', branch: 'main', files: { a: '1\n' }, message: 'one', tag: 'light' },
        { id: 'c2', branch: 'main', files: { a: '2\n' }, message: 'two', annotatedTag: 'v2' },
      ],
    });
    await clone();
  });
  afterEach(() => rig.remove());

  const clone = (options?: StepWorldOptions) =>
    rig.run(gitClone, { repoURL: origin.url, checkout: [{ path: 'src', branch: 'main' }] }, options);
  const commit = (text = '3\n', path = 'a') => {
    writeFileSync(join(rig.root, 'src', path), text);
    return rig.run(gitCommit, { path: 'src', message: `write ${text}` });
  };
  const tag = (config: JsonObject, options?: StepWorldOptions) =>
    rig.run(gitTag, { path: 'src', ...config }, options);
  const push = (config: JsonObject = {}, options?: StepWorldOptions) =>
    rig.run(gitPush, { path: 'src', ...config }, options);
  const local = (...args: string[]) => runGit(join(rig.root, 'src'), args);
  const moveOn = () => origin.add([{ id: 'o', branch: 'main', files: { o: '9\n' }, message: 'other' }]);

  it('makes the same tag again after the files were lost', async () => {
    const config = { tag: ' v3 ', message: 'Größe ✓\n\nbody' };
    await tag(config);
    const made = local('rev-parse', 'v3');
    assert.equal(local('cat-file', 'tag', 'v3').split('\n').slice(5).join('\n'), config.message);
    rig.loseWorkspace();
    await clone();
    await tag(config);
    assert.equal(local('rev-parse', 'v3'), made);
  });

  it('is named by its message when none is given', async () => {
    await tag({ tag: 'v3' });
    assert.equal(local('tag', '-l', '--format=%(contents:subject)', 'v3'), 'v3');
  });

  it('makes several tags, or none when one of them exists', async () => {
    const c2 = origin.commits.get('c2');
    const before = local('tag');
    await assert.rejects(tag({ tags: ['v3', 'light'] }), /tag light exists already/);
    assert.equal(local('tag'), before);
    assert.deepEqual((await tag({ tags: ['v3', 'app/v3', 'v3'] })).output, { commit: c2 });
    await push({ tags: ['v3', 'app/v3'] });
    assert.deepEqual([origin.git('rev-parse', 'v3^{}'), origin.git('rev-parse', 'app/v3^{}')], [c2, c2]);
  });

  it('takes a tag that is there with the same commit and message for its own, whatever the day', async () => {
    await tag({ tag: 'v3', message: 'm\n# no comment\n' });
    const again = await tag({ tag: 'v3', message: 'm' }, { startedAt: new Date('2026-03-02T12:00:00Z') });
    assert.deepEqual(again.output, { commit: origin.commits.get('c2') });
    await tag({ tag: 'v2', message: 'tag v2' });
  });

  const refused: readonly (readonly [string, JsonObject, RegExp])[] = [
    [
      'a tag of another commit',
      { tag: 'light', message: 'one' },
      /^Error: tag light exists already on commit [0-9a-f]{12} \(one\), without a message; .*force: true/,
    ],
    [
      'a tag with another message',
      { tag: 'v2', message: 'another' },
      /^Error: tag v2 exists already on the same commit, made by Ada Author <ada@example\.org> with the message "tag v2"; /,
    ],
    ['an option', { tag: '--delete' }, /"--delete" cannot be the name of a tag: it begins with a dash/],
    ['a name of several lines', { tag: 'a\nb' }, /cannot be the name of a tag: it has a line break in it/],
    ['no tag at all', {}, /one of tag or tags must be set/],
    ['one tag and several', { tag: 'a', tags: ['b'] }, /only one of tag and tags may be set/],
    ['a folder of tags', { tag: 'light/x' }, /light/],
  ];
  for (const [what, config, message] of refused) {
    it(`refuses ${what}`, async () => {
      const before = local('for-each-ref');
      await assert.rejects(tag(config), message);
      assert.equal(local('for-each-ref'), before);
    });
  }

  it('replaces a tag by force, here only', async () => {
    await tag({ tag: 'light', message: 'm', force: true });
    assert.equal(local('rev-parse', 'light^{}'), origin.commits.get('c2'));
    assert.equal(origin.git('rev-parse', 'light^{}'), origin.commits.get('c1'));
    await assert.rejects(push({ tag: 'light' }), /tag light exists in file:.* already, on another commit/);
  });

  it('goes along with a commit that a push makes anew', async () => {
    const { output } = await commit();
    await tag({ tag: 'v3', message: 'release\n\nbody' });
    local('tag', 'plain');
    const before = local('cat-file', 'tag', 'v3').split('\n');
    moveOn();
    const { output: pushed } = await push();
    assert.deepEqual(pushed?.['rewritten'], { [output?.['commit'] as string]: pushed?.['commit'] });
    await push({ tags: ['v3', 'plain'] });
    assert.deepEqual(origin.git('cat-file', 'tag', 'v3').split('\n').slice(1), before.slice(1));
    for (const name of ['v3', 'plain']) {
      assert.equal(origin.git('rev-parse', `${name}^{}`), pushed?.['commit'], name);
    }
    assert.deepEqual((await push()).output, pushed);
  });

  it('stays what it is where it was pushed before the commit was made anew', async () => {
    const { output } = await commit();
    await tag({ tag: 'v3' });
    await push({ tag: 'v3' });
    moveOn();
    await push();
    assert.equal(origin.git('rev-parse', 'v3^{}'), output?.['commit']);
    await push({ tag: 'v3' });
  });

  it('is found again where it went, after the files were lost', async () => {
    const { output: cloned } = await clone();
    const all = async () => {
      await commit();
      await tag({ tag: 'v3' });
      const pushed = await push();
      await push({ tag: 'v3' });
      return pushed.output;
    };
    moveOn();
    // The clone of the first run knows nothing of what came since.
    rig.loseWorkspace();
    await clone({ previous: cloned! });
    const first = await all();
    const made = origin.git('rev-parse', 'v3');
    const main = origin.git('rev-parse', 'main');
    origin.git(
      'update-ref',
      'refs/heads/main',
      origin.git('commit-tree', '-p', main, '-m', 'later', `${main}^{tree}`),
    );
    rig.loseWorkspace();
    await clone({ previous: cloned! });
    assert.deepEqual(await all(), first);
    assert.equal(origin.git('rev-parse', 'v3'), made);
  });
});
