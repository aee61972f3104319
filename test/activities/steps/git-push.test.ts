import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitClone } from '../../../src/activities/steps/git-clone.ts';
import { gitCommit } from '../../../src/activities/steps/git-commit.ts';
import { gitPush } from '../../../src/activities/steps/git-push.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { createTestRepository, runGit, type TestRepository } from '../../support/git-repository.ts';
import { createStepRig, type StepRig, type StepWorldOptions } from '../../support/step-world.ts';
import { toolPath } from '../../support/tools.ts';

describe('git-push', () => {
  let rig: StepRig;
  let origin: TestRepository;

  beforeEach(async () => {
    rig = createStepRig();
    origin = createTestRepository(join(rig.folder, 'origin'), {
      commits: [{ id: 'c1', branch: 'main', files: { a: '1\n', b: '1\n' }, message: 'one' }],
    });
    await clone();
  });
  afterEach(() => rig.remove());

  const clone = (options?: StepWorldOptions) =>
    rig.run(gitClone, { repoURL: origin.url, checkout: [{ path: 'src', branch: 'main' }] }, options);
  const commit = async (text = '2\n', message = 'two') => {
    writeFileSync(join(rig.root, 'src/a'), text);
    const { output } = await rig.run(gitCommit, { path: 'src', message });
    return output?.['commit'] as string;
  };
  const push = (config: JsonObject = {}, options?: StepWorldOptions) =>
    rig.run(gitPush, { path: 'src', ...config }, options);
  const main = () => origin.git('rev-parse', 'main');

  it('tells the promotion what it pushed', async () => {
    const sha = await commit();
    const { output, commits } = await push({}, { alias: 'task::push' });
    assert.deepEqual(output, { branch: 'main', commit: sha });
    assert.deepEqual(commits, [{ step: 'task::push', repoURL: origin.url, branch: 'main', sha }]);
    assert.equal(main(), sha);
  });

  it('does nothing the second time, also when others pushed on top', async () => {
    const sha = await commit();
    const first = await push();
    assert.deepEqual(await push(), first);
    origin.git('update-ref', 'refs/heads/main', await childOf(sha));
    assert.deepEqual(await push(), first);
    assert.notEqual(main(), sha);
  });

  it('says which commits became which when the remote had moved', async () => {
    const sha = await commit();
    origin.add([{ id: 'o', branch: 'main', files: { b: '9\n' }, message: 'other' }]);
    const { output, commits } = await push();
    assert.deepEqual(output, { branch: 'main', commit: main(), rewritten: { [sha]: main() } });
    assert.equal(commits?.[0]?.sha, main());
    assert.equal(
      origin.git('log', '-1', '--format=%cI', 'main'),
      '2026-03-01T12:00:00Z'.replace('Z', '+00:00'),
    );
  });

  it('says it again after an attempt that was killed before it could', async () => {
    await commit();
    origin.add([{ id: 'o', branch: 'main', files: { b: '9\n' }, message: 'other' }]);
    const first = await push();
    assert.deepEqual(await push(), first);
    const later = await push({}, { startedAt: new Date('2026-03-01T12:00:05Z') });
    assert.equal(later.output?.['rewritten'], undefined);
  });

  it('leaves changes alone that nobody committed, also where it finds its commit pushed', async () => {
    const { output: cloned } = await clone();
    await commit();
    origin.add([{ id: 'o', branch: 'main', files: { c: '9\n' }, message: 'other' }]);
    await push();
    rig.loseWorkspace();
    await clone({ previous: cloned! });
    await commit();
    writeFileSync(join(rig.root, 'src/b'), 'not committed');
    await push();
    assert.equal(readFileSync(join(rig.root, 'src/b'), 'utf8'), 'not committed');
  });

  it('recognises its own rebased commit after the workspace was lost, and pushes nothing twice', async () => {
    const { output: cloned } = await clone();
    const sha = await commit();
    origin.add([{ id: 'o', branch: 'main', files: { b: '9\n' }, message: 'other' }]);
    const first = await push();
    origin.git('update-ref', 'refs/heads/main', await childOf(main()));
    const before = main();
    rig.loseWorkspace();
    await clone({ previous: cloned! });
    assert.equal(await commit(), sha);
    assert.deepEqual((await push()).output, first.output);
    assert.equal(main(), before);
  });

  it('undoes a conflict and ends as Failed', async () => {
    const sha = await commit();
    origin.add([{ id: 'o', branch: 'main', files: { a: '9\n' }, message: 'other' }]);
    await assert.rejects(push(), {
      name: 'TerminalError',
      message: /merge conflict with branch main of file:.* in a; /,
    });
    assert.equal(runGit(join(rig.root, 'src'), ['rev-parse', 'HEAD']), sha);
    assert.equal(runGit(join(rig.root, 'src'), ['status', '--porcelain']), '');
    assert.equal(runGit(join(rig.root, 'src'), ['rev-parse', '--abbrev-ref', 'HEAD']), 'main');
  });

  it('goes on after an attempt that was killed in the middle of a rebase', async () => {
    await commit();
    origin.add([{ id: 'o', branch: 'main', files: { a: '9\n' }, message: 'other' }]);
    runGit(join(rig.root, 'src'), ['fetch', '--quiet', 'origin', 'main']);
    assert.throws(() => runGit(join(rig.root, 'src'), ['rebase', 'FETCH_HEAD']));
    origin.git('update-ref', 'refs/heads/main', origin.commits.get('c1')!);
    assert.equal((await push()).output?.['commit'], main());
    assert.equal(origin.git('log', '-1', '--format=%s', 'main'), 'two');
  });

  it('goes on after an attempt that was killed before its rebase began, or while it held locks', async () => {
    await commit();
    origin.add([{ id: 'o', branch: 'main', files: { b: '9\n' }, message: 'other' }]);
    const [own, common] = ['--absolute-git-dir', '--git-common-dir'].map((option) =>
      runGit(join(rig.root, 'src'), ['rev-parse', option]),
    );
    mkdirSync(join(own!, 'rebase-merge'));
    for (const lock of ['index.lock', 'HEAD.lock', 'ORIG_HEAD.lock']) writeFileSync(join(own!, lock), '');
    for (const lock of ['packed-refs.lock', 'shallow.lock', 'refs/heads/main.lock'])
      writeFileSync(join(common!, lock), '');
    assert.equal((await push()).output?.['commit'], main());
    assert.equal(origin.git('log', '--format=%s', 'main'), 'two\nother\none');
  });

  it('overwrites by force what it saw, and never twice what came after', async () => {
    const sha = await commit();
    origin.add([{ id: 'o', branch: 'main', files: { a: '9\n' }, message: 'other' }]);
    const first = await push({ force: true });
    assert.equal(main(), sha);
    origin.git('update-ref', 'refs/heads/main', await childOf(sha));
    const later = main();
    assert.deepEqual(await push({ force: true }), first);
    assert.equal(main(), later);
    await push({ force: true }, { startedAt: new Date('2026-03-01T12:00:05Z') });
    assert.equal(main(), sha);
  });

  it('goes to the branch that the project has for such pushes, made when missing and overwritten later', async () => {
    const generatedBranch = 'kargo/demo/test/promotion';
    const config = { path: 'src', generateTargetBranch: true };
    for (const text of ['2\n', '3\n']) {
      rig.loseWorkspace();
      await clone();
      const sha = await commit(text, `write ${text}`);
      const { output } = await rig.run(gitPush, config, { generatedBranch });
      assert.equal(output?.['branch'], generatedBranch);
      assert.equal(origin.git('rev-parse', generatedBranch), sha);
    }
    assert.equal(origin.git('log', '--format=%s', generatedBranch), 'write 3\none');
  });

  it('looks again when the branch moves between its look and its push by force', async () => {
    const sha = await commit();
    origin.add([{ id: 'o', branch: 'main', files: { a: '9\n' }, message: 'other' }]);
    const late = await childOf(main());
    // Called for the look of an attempt: the first one is followed by a commit of somebody else.
    const once = join(rig.folder, 'once');
    const git = join(rig.folder, 'git');
    const real = toolPath('git');
    const move = `[ -e ${once} ] || { touch ${once}; ${real} -C ${origin.path} update-ref refs/heads/main ${late}; }`;
    const script = `#!/bin/sh\n${real} "$@" || exit\ncase " $* " in *" fetch "*) ${move} ;; esac\n`;
    writeFileSync(git, script, { mode: 0o755 });
    await push({ force: true }, { git: { binary: git } });
    assert.ok(existsSync(once));
    assert.equal(main(), sha);
  });

  it('tells apart a branch that is in the way from one that moves', async () => {
    await commit();
    const target = push({ targetBranch: 'main/sub' });
    await assert.rejects(target, /refuses the push to branch main\/sub .*already uses the name of a folder/);
  });

  it('tries again when somebody pushes at the same moment, until the attempts are used up', async () => {
    const counter = join(rig.folder, 'count');
    const busy = (times: number) => `#!/bin/sh
echo x >> ${counter}
[ "$(wc -l < ${counter})" -gt ${times} ] && exit 0
echo "error: cannot lock ref '$1': is at X but expected Y" >&2
exit 1
`;
    const hook = join(origin.path, 'hooks/update');
    writeFileSync(hook, busy(2), { mode: 0o755 });
    const sha = await commit();
    // A push that is refused is tried twice in one attempt: before and after a look at the remote.
    assert.equal((await push()).output?.['commit'], sha);
    writeFileSync(hook, busy(99), { mode: 0o755 });
    await commit('3\n', 'three');
    await assert.rejects(
      push({ maxAttempts: 1 }),
      /moved on while it was pushed to, tried once; raise maxAttempts/,
    );
  });

  it('passes on why the remote refuses, with a way out', async () => {
    writeFileSync(join(origin.path, 'hooks/update'), '#!/bin/sh\necho "branch is protected" >&2\nexit 1\n', {
      mode: 0o755,
    });
    await commit();
    await assert.rejects(
      push(),
      /refuses the push to branch main .*generateTargetBranch: true[^]*branch is protected/,
    );
  });

  it('lets pushes to one branch of one repository take turns', async () => {
    const rigs = [createStepRig(), createStepRig(), createStepRig(), createStepRig()];
    try {
      for (const [index, other] of rigs.entries()) {
        await other.run(gitClone, { repoURL: origin.url, checkout: [{ path: 'src', branch: 'main' }] });
        writeFileSync(join(other.root, `src/file-${index}`), '');
        await other.run(gitCommit, { path: 'src', message: `by ${index}` });
      }
      await Promise.all(rigs.map((other) => other.run(gitPush, { path: 'src', maxAttempts: 1 })));
      assert.equal(origin.git('rev-list', '--count', 'main'), '5');
    } finally {
      for (const other of rigs) other.remove();
    }
  });

  it('pushes from a shallow clone onto a remote that moved', async () => {
    const config = { repoURL: origin.url, depth: 1, checkout: [{ path: 'shallow', branch: 'main' }] };
    origin.add([{ id: 'c2', branch: 'main', files: { b: '2\n' }, message: 'two' }]);
    await rig.run(gitClone, config, { alias: 'shallow' });
    writeFileSync(join(rig.root, 'shallow/n'), 'n');
    await rig.run(gitCommit, { path: 'shallow', message: 'n' });
    origin.add([{ id: 'c3', branch: 'main', files: { b: '3\n' }, message: 'three' }]);
    await rig.run(gitPush, { path: 'shallow' });
    assert.equal(origin.git('log', '--format=%s', 'main'), 'n\nthree\ntwo\none');
  });

  it('needs a branch', async () => {
    await rig.run(
      gitClone,
      { repoURL: origin.url, checkout: [{ path: 'x', commit: 'main' }] },
      { alias: 'other' },
    );
    await assert.rejects(
      push({ path: 'x' }),
      /no branch is checked out here; set targetBranch, or generateTargetBranch/,
    );
  });

  /** A commit of somebody else on top of another. */
  async function childOf(sha: string): Promise<string> {
    return origin.git('commit-tree', '-p', sha, '-m', 'on top', `${sha}^{tree}`);
  }
});
