import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copy } from '../../../src/activities/steps/copy.ts';
import { deleteFiles } from '../../../src/activities/steps/delete.ts';
import { gitClear } from '../../../src/activities/steps/git-clear.ts';
import { gitClone } from '../../../src/activities/steps/git-clone.ts';
import { gitCommit } from '../../../src/activities/steps/git-commit.ts';
import { gitPush } from '../../../src/activities/steps/git-push.ts';
import { gitTag } from '../../../src/activities/steps/git-tag.ts';
import { tar } from '../../../src/activities/steps/tar.ts';
import { yamlMerge } from '../../../src/activities/steps/yaml-merge.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { createTestRepository, runGit, type TestRepository } from '../../support/git-repository.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';

describe('a hostile repository', () => {
  let rig: StepRig;
  let origin: TestRepository;
  let trace: string;

  beforeEach(() => {
    rig = createStepRig();
    trace = join(rig.folder, 'trace');
    origin = createTestRepository(join(rig.folder, 'origin'), {
      commits: [{ id: 'c1', branch: 'main', files: { a: '1\n' }, message: 'one' }],
    });
  });
  afterEach(() => {
    assert.equal(existsSync(trace) ? readFileSync(trace, 'utf8') : '', '');
    rig.remove();
  });

  const clone = (more: JsonObject = {}) =>
    rig.run(gitClone, { repoURL: origin.url, checkout: [{ path: 'src', branch: 'main' }], ...more });
  const steps = [
    [gitCommit, { message: 'm' }],
    [gitTag, { tag: 'v1' }],
    [gitClear, {}],
    [gitPush, {}],
  ] as const;
  const runAll = async (path: string) => {
    for (const [step, config] of steps) await rig.run(step, { path, ...config });
  };
  const noted = (what: string) => `sh -c 'echo ${what} >> ${trace}; cat'`;

  it('names files like options, globs and settings, and they stay files', async () => {
    const names = ['-rf', '--force', ':(exclude)a', '*', '!x', '#y', ' z ', 'Größe ✓', ':/'];
    await clone();
    for (const name of names.filter((one) => !one.includes('/'))) {
      writeFileSync(join(rig.root, 'src', name), name);
    }
    await rig.run(gitCommit, { path: 'src', message: 'm' });
    const made = runGit(join(rig.root, 'src'), ['ls-tree', '--name-only', '-z', 'HEAD']).split('\0');
    assert.deepEqual(made.filter(Boolean).sort(), [...names.filter((one) => !one.includes('/')), 'a'].sort());
    await rig.run(gitPush, { path: 'src' });
    await rig.run(gitClear, { path: 'src' });
    assert.deepEqual(readdirSync(join(rig.root, 'src')), ['.git']);
  });

  it('holds folders like -rf, which are cleared and committed by that name', async () => {
    await clone();
    mkdirSync(join(rig.root, 'src/-rf'));
    writeFileSync(join(rig.root, 'src/-rf/x'), 'x');
    await rig.run(gitCommit, { path: 'src/-rf', message: 'm' });
    await rig.run(gitClear, { path: 'src/-rf' });
    assert.deepEqual(readdirSync(join(rig.root, 'src')).sort(), ['-rf', '.git', 'a']);
  });

  it('has attributes that name filters, and none runs', async () => {
    const filter = '* filter=evil diff=evil merge=evil\n';
    origin.add([{ id: 'f', branch: 'main', files: { '.gitattributes': filter }, message: 'filters' }]);
    await clone();
    writeFileSync(join(rig.root, 'src/a'), '2\n');
    await runAll('src');
  });

  it('holds a bare repository with settings of its own, which is not entered', async () => {
    await clone();
    const inner = join(rig.root, 'src/inner');
    mkdirSync(inner);
    runGit(inner, ['init', '--quiet', '--bare', '.']);
    writeFileSync(join(inner, 'config'), evilConfig(), { flag: 'a' });
    writeFileSync(join(inner, '.gitattributes'), '* filter=evil\n');
    writeFileSync(join(inner, 'x'), 'x');
    for (const [step, config] of steps) {
      const run = rig.run(step, { path: 'src/inner', ...config });
      await assert.rejects(run, /src\/inner is no work tree that a git-clone step/);
    }
    await rig.run(gitCommit, { path: 'src', message: 'm' });
  });

  it('holds a repository with settings of its own, which is not entered either', async () => {
    await clone();
    const inner = join(rig.root, 'src/inner');
    mkdirSync(inner);
    runGit(inner, ['init', '--quiet', '.']);
    writeFileSync(join(inner, '.gitattributes'), '* filter=evil\n');
    writeFileSync(join(inner, 'x'), 'x');
    runGit(inner, ['add', '.']);
    runGit(inner, ['commit', '--quiet', '-m', 'inner']);
    writeFileSync(join(inner, '.git/config'), evilConfig(), { flag: 'a' });
    writeFileSync(join(inner, 'x'), 'changed');
    await assert.rejects(rig.run(gitCommit, { path: 'src/inner', message: 'm' }), /is no work tree/);
    await rig.run(gitCommit, { path: 'src', message: 'm' });
    writeFileSync(join(inner, 'x'), 'changed again');
    await rig.run(gitCommit, { path: 'src', message: 'm' });
    await rig.run(gitPush, { path: 'src' });
    await rig.run(gitClear, { path: 'src' });
    assert.deepEqual(readdirSync(join(rig.root, 'src')), ['.git']);
  });

  it('reaches no internals of Git through a link', async () => {
    await clone();
    const before = readFileSync(join(rig.root, 'src/.git'), 'utf8');
    symlinkSync('.git', join(rig.root, 'src/link'));
    await assert.rejects(
      rig.run(gitCommit, { path: 'src/link', message: 'm' }),
      /is no work tree|not a dir/i,
    );
    await rig.run(gitClear, { path: 'src' });
    assert.equal(readFileSync(join(rig.root, 'src/.git'), 'utf8'), before);
  });

  it('has hooks, a monitor and includes in its own settings, and none runs', async () => {
    origin.add([{ id: 'f', branch: 'main', files: { '.gitattributes': '* filter=evil\n' }, message: 'f' }]);
    await clone();
    const common = runGit(join(rig.root, 'src'), ['rev-parse', '--git-common-dir']);
    const [first, second] = ['first', 'second'].map((name) => join(rig.folder, name));
    for (const key of ['filter.evil.clean', 'remote.origin.receivepack', 'core.sshCommand', 'gpg.program'])
      for (const file of [first!, second!]) runGit(rig.folder, ['config', '--file', file, key, noted(key)]);
    const config = join(common, 'config');
    writeFileSync(config, `[core]\n\tfsmonitor = "${noted('monitor')}"\n[INCLUDE]\npath = ${first}\n`, {
      flag: 'a',
    });
    writeFileSync(config, `[a] [includeIf "gitdir:/**"]\n\tpath = ${second}\n[own]\n\tkey = 1\n`, {
      flag: 'a',
    });
    mkdirSync(join(common, 'hooks'), { recursive: true });
    for (const hook of ['pre-commit', 'commit-msg', 'post-commit', 'reference-transaction', 'pre-push'])
      writeFileSync(join(common, 'hooks', hook), `#!/bin/sh\necho ${hook} >> ${trace}\n`, { mode: 0o755 });
    writeFileSync(join(rig.root, 'src/a'), '2\n');
    await runAll('src');
    const left = readFileSync(config, 'utf8');
    assert.doesNotMatch(left, /include/i);
    assert.match(left, /url = file:[^]*\[own\]\n\tkey = 1\n/);
  });

  const planters = [
    ['a pointer', [[yamlMerge, { inFiles: ['pointer.yaml'], outFile: 'src/.git' }]]],
    ['another pointer', [[copy, { inPath: 'pointer.yaml', outPath: 'src/.git' }]]],
    ['an archive', [[tar, { inPath: 'evil', outPath: 'src/.git' }]]],
    [
      'a folder',
      [
        [deleteFiles, { path: 'src/.git' }],
        [copy, { inPath: 'evil', outPath: 'src/.git' }],
      ],
    ],
  ] as const;
  for (const [what, planting] of planters) {
    it(`has ${what} in place of its link to Git, and is no work tree any more`, async () => {
      await clone();
      const evil = join(rig.root, 'evil');
      mkdirSync(join(evil, 'hooks'), { recursive: true });
      runGit(evil, ['init', '--quiet', '--bare', '.']);
      writeFileSync(join(evil, 'config'), evilConfig(), { flag: 'a' });
      writeFileSync(join(evil, 'hooks/pre-commit'), `#!/bin/sh\necho hook >> ${trace}\n`, { mode: 0o755 });
      writeFileSync(join(rig.root, 'pointer.yaml'), `gitdir: ${evil}\n`);
      for (const [step, config] of planting) await rig.run(step, config);
      for (const [step, config] of steps)
        await assert.rejects(rig.run(step, { path: 'src', ...config }), /src is no work tree/);
    });
  }

  it('brings submodules over transports that run commands, or from our own disk, and gets nothing', async () => {
    const secret = createTestRepository(join(rig.folder, 'secret'), {
      commits: [{ id: 's', branch: 'main', files: { s: 's' }, message: 's' }],
    });
    for (const [index, url] of [`ext::${noted('ext')}`, `-u${noted('option')}`].entries()) {
      addSubmodule(`evil${index}`, url, secret.commits.get('s')!);
      await assert.rejects(clone({ recurseSubmodules: true }));
      assert.equal(existsSync(join(rig.root, 'src')), false);
    }
  });

  /** A commit with a submodule at any address, as no well-meant command would make it. */
  function addSubmodule(name: string, url: string, sha: string): void {
    const tree = join(rig.folder, name);
    runGit(rig.folder, ['clone', '--quiet', origin.path, tree]);
    const text = `[submodule "${name}"]\n\tpath = ${name}\n\turl = "${url.replaceAll('"', '\\"')}"\n\tupdate = !echo x >> ${trace}\n`;
    writeFileSync(join(tree, '.gitmodules'), text);
    runGit(tree, ['update-index', '--add', '--cacheinfo', `160000,${sha},${name}`]);
    runGit(tree, ['add', '.gitmodules']);
    runGit(tree, ['commit', '--quiet', '-m', name]);
    runGit(tree, ['push', '--quiet', '--force', 'origin', 'HEAD:main']);
  }

  function evilConfig(): string {
    const included = join(rig.folder, 'included');
    writeFileSync(included, `[core]\n\tpager = ${noted('included')}\n\teditor = ${noted('editor')}\n`);
    return [
      '[core]',
      `\tfsmonitor = "${noted('monitor')}"`,
      `\tsshCommand = "${noted('ssh')}"`,
      '\thooksPath = hooks',
      '[filter "evil"]',
      `\tclean = "${noted('clean')}"`,
      `\tsmudge = "${noted('smudge')}"`,
      '[include]',
      `\tpath = ${included}`,
      '',
    ].join('\n');
  }
});
