import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitClone } from '../../../src/activities/steps/git-clone.ts';
import type { FreightSet } from '../../../src/core/freight/freight.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { createTestRepository, runGit, type TestRepository } from '../../support/git-repository.ts';
import { createStepRig, type StepRig, type StepWorldOptions } from '../../support/step-world.ts';

describe('git-clone', () => {
  let rig: StepRig;
  let origin: TestRepository;

  beforeEach(() => {
    rig = createStepRig();
    origin = createTestRepository(join(rig.folder, 'origin'), {
      commits: [
        {
          id: 'c1',
          branch: 'main',
          files: { 'app/a.txt': '1\n', 'docs/d.md': 'd\n' },
          message: 'one',
          tag: 'v1',
        },
        { id: 'c2', branch: 'main', files: { 'app/a.txt': '2\n' }, message: 'two' },
      ],
    });
  });
  afterEach(() => rig.remove());

  const head = (path: string) => runGit(join(rig.root, path), ['rev-parse', 'HEAD']);
  const branch = (path: string) => runGit(join(rig.root, path), ['rev-parse', '--abbrev-ref', 'HEAD']);
  const clone = (checkout: JsonObject[], more: JsonObject = {}, options: StepWorldOptions = {}) =>
    rig.run(gitClone, { repoURL: origin.url, checkout, ...more }, options);

  it('gives the same result when it runs again on what an earlier attempt left', async () => {
    const checkout = [
      { path: 'src', branch: 'main' },
      { path: 'out', branch: 'env/new', create: true },
    ];
    const first = await clone(checkout);
    writeFileSync(join(rig.root, 'src', 'half-written'), '');
    const second = await clone(checkout);
    assert.deepEqual(second, first);
    assert.equal(existsSync(join(rig.root, 'src', 'half-written')), false);
    assert.equal(origin.git('rev-list', '--count', 'env/new'), '1');
  });

  it('begins again after an attempt that was cut off between making and filling a work tree', async () => {
    await clone([{ path: 'src', branch: 'main' }]);
    const bare = join(
      rig.root,
      '.home/repositories',
      readdirSync(join(rig.root, '.home/repositories'))[0]!,
      'bare',
    );
    writeFileSync(join(rig.root, 'src/.git'), '');
    writeFileSync(join(bare, 'packed-refs.lock'), '');
    await clone([{ path: 'src', branch: 'main' }]);
    assert.equal(head('src'), origin.commits.get('c2'));
  });

  it('follows no link out of the workspace that an earlier checkout brought', async () => {
    const outside = join(rig.folder, 'outside');
    mkdirSync(outside);
    const files = { out: { symlink: outside }, up: { symlink: '../../outside' } };
    origin.add([{ id: 'links', branch: 'links', files, message: 'links' }]);
    const checkout = [
      { path: 'src', branch: 'links' },
      { path: 'src/out/a', tag: 'v1' },
      { path: 'src/up/b', commit: origin.commits.get('c1')! },
    ];
    const first = await clone(checkout);
    assert.deepEqual(readdirSync(outside), []);
    assert.equal(head(join(outside, 'a')), origin.commits.get('c1'));
    assert.equal(head('outside/b'), origin.commits.get('c1'));
    assert.deepEqual(await clone(checkout), first);
    assert.deepEqual(readdirSync(outside), []);
  });

  it('gives a work tree in the root of the workspace, again and again', async () => {
    const git = { home: join(rig.folder, 'home') };
    const first = await clone([{ path: '.', branch: 'main' }], {}, { git });
    assert.deepEqual(await clone([{ path: '.', branch: 'main' }], {}, { git }), first);
    assert.equal(head('.'), origin.commits.get('c2'));
  });

  it('leaves files alone that it did not make', async () => {
    mkdirSync(join(rig.root, 'src'));
    writeFileSync(join(rig.root, 'src/mine'), 'x');
    await assert.rejects(clone([{ path: 'src', branch: 'main' }]), /checkout\[0\] \(src\): .* not empty/);
    assert.equal(readFileSync(join(rig.root, 'src/mine'), 'utf8'), 'x');
  });

  it('checks out the default branch when none is named, whatever it is called', async () => {
    const trunk = createTestRepository(join(rig.folder, 'trunk'), {
      head: 'trunk',
      commits: [{ id: 't', branch: 'trunk', files: { a: '1' }, message: 'm' }],
    });
    await rig.run(gitClone, { repoURL: trunk.path, checkout: [{ path: 'src' }] });
    assert.equal(branch('src'), 'trunk');
  });

  it('says what to do about a repository without commits', async () => {
    const empty = createTestRepository(join(rig.folder, 'empty'));
    const run = (checkout: JsonObject) => rig.run(gitClone, { repoURL: empty.url, checkout: [checkout] });
    await assert.rejects(
      run({ path: 'src' }),
      /no default branch with commits; name a branch, with create: true/,
    );
    await run({ path: 'src', branch: 'main', create: true });
    assert.equal(empty.git('log', '--format=%an %s', 'main'), 'Kargo Initial commit');
  });

  it('makes the first commit of a branch the same one on every attempt', async () => {
    const outputs = [];
    for (const name of ['one', 'two']) {
      const empty = createTestRepository(join(rig.folder, name));
      const config = {
        repoURL: empty.url,
        checkout: [{ path: name, branch: 'main', create: true, as: 'x' }],
      };
      outputs.push((await rig.run(gitClone, config)).output);
    }
    assert.deepEqual(outputs[0], outputs[1]);
  });

  it('pins to the commits of the run whose files were lost, and keeps branches', async () => {
    const checkout = [{ path: 'src', branch: 'main' }, { path: 'tag', tag: 'v1' }, { path: 'plain' }];
    await assert.rejects(clone(checkout), /already (checked out|used)/);
    const two = checkout.slice(0, 2);
    const { output } = await clone(two);
    origin.add([{ id: 'c3', branch: 'main', files: { 'app/a.txt': '3\n' }, message: 'three' }]);
    origin.git('update-ref', 'refs/tags/v1', origin.commits.get('c3')!);
    rig.loseWorkspace();
    assert.deepEqual((await clone(two, {}, { previous: output! })).output, output);
    assert.deepEqual([head('src'), branch('src')], [origin.commits.get('c2'), 'main']);
    assert.deepEqual([head('tag'), branch('tag')], [origin.commits.get('c1'), 'HEAD']);
  });

  it('finds a pinned commit that no branch holds any more, and says so when it is gone', async () => {
    const { output } = await clone([{ path: 'src', branch: 'main' }]);
    origin.git('update-ref', 'refs/heads/main', origin.commits.get('c1')!);
    rig.loseWorkspace();
    await clone([{ path: 'src', branch: 'main' }], {}, { previous: output! });
    assert.equal(head('src'), origin.commits.get('c2'));
    const previous = { commits: { src: '0123456789012345678901234567890123456789' } };
    await assert.rejects(
      clone([{ path: 'src', branch: 'main' }], {}, { previous }),
      /is gone .* new promotion/,
    );
  });

  it('fetches a commit that no branch holds', async () => {
    const lost = origin.git('commit-tree', '-m', 'lost', `${origin.commits.get('c1')}^{tree}`);
    await clone([{ path: 'src', commit: lost }]);
    assert.equal(head('src'), lost);
  });

  it('honours depth, and reaches beyond it when asked to', async () => {
    await clone([{ path: 'src' }], { depth: 1 });
    assert.equal(runGit(join(rig.root, 'src'), ['rev-list', '--count', 'HEAD']), '1');
    await clone([{ path: 'src', commit: origin.commits.get('c1')! }], { depth: 1 });
    assert.equal(head('src'), origin.commits.get('c1'));
  });

  it('fetches only the files of sparse folders from a blobless clone', async () => {
    await clone([{ path: 'src', sparse: ['docs'] }], { blobless: true });
    assert.deepEqual(readdirSync(join(rig.root, 'src')).sort(), ['.git', 'docs']);
    const missing = runGit(join(rig.root, 'src'), ['rev-list', '--objects', '--missing=print', 'HEAD']);
    assert.match(missing, /^\?/m);
  });

  it('checks out submodules', async () => {
    const sub = createTestRepository(join(rig.folder, 'sub'), {
      commits: [{ id: 's', branch: 'main', files: { inner: 'i' }, message: 's' }],
    });
    const work = join(rig.folder, 'work');
    runGit(rig.folder, ['clone', '--quiet', origin.path, work]);
    runGit(work, ['-c', 'protocol.file.allow=always', 'submodule', '--quiet', 'add', sub.path, 'lib']);
    runGit(work, ['commit', '--quiet', '-m', 'with submodule']);
    runGit(work, ['push', '--quiet', 'origin', 'main']);
    await clone([{ path: 'src', branch: 'main' }], { recurseSubmodules: true });
    assert.equal(readFileSync(join(rig.root, 'src/lib/inner'), 'utf8'), 'i');
  });

  it('takes the commit of the Freight, from the named origin', async () => {
    const freight = freightOf(origin);
    await assert.rejects(clone([{ path: 'src', fromFreight: true }], {}, { freight }), /several places/);
    const fromOrigin = { kind: 'Warehouse', name: 'old' };
    await clone([{ path: 'src', fromFreight: true, fromOrigin }], {}, { freight });
    assert.equal(head('src'), origin.commits.get('c1'));
    const none = { kind: 'Warehouse', name: 'none' };
    await assert.rejects(clone([{ path: 'src', fromFreight: true, fromOrigin: none }], {}, { freight }), {
      name: 'TerminalError',
      message:
        /checkout\[0\] \(src\): fromFreight finds no commit of file:.* in the Freight of Warehouse none/,
    });
  });

  it('remembers its settings for scripts that use git in the work tree', async () => {
    const author = { name: 'The "Bot" \\o/', email: 'bot@example.org' };
    await clone([{ path: 'src', branch: 'main' }], { author, insecureSkipTLSVerify: true });
    const config = (key: string) => runGit(join(rig.root, 'src'), ['config', key]);
    assert.deepEqual(
      ['user.name', 'user.email', 'push.default', 'http.sslVerify', 'remote.origin.url'].map(config),
      [author.name, author.email, 'current', 'false', origin.url],
    );
  });

  it('never runs a hook, and none comes with a clone', async () => {
    await clone([{ path: 'src', branch: 'main' }]);
    const [folder] = readdirSync(join(rig.root, '.home/repositories'));
    const hooks = join(rig.root, '.home/repositories', folder!, 'bare/hooks');
    assert.equal(existsSync(hooks), false);
  });

  const bad: readonly (readonly [string, JsonObject, RegExp])[] = [
    [
      'a branch that is missing',
      { branch: 'nope' },
      /checkout\[0\] \(src\): branch "nope" does not exist in file:.*create: true/,
    ],
    ['a tag that is missing', { tag: 'nope' }, /tag "nope" does not exist in file:/],
    ['a commit that is missing', { commit: 'abcdef0' }, /commit "abcdef0" does not exist in file:/],
    [
      'a branch that is an option',
      { branch: '--upload-pack=x' },
      /cannot be the name of a branch: it begins with a dash/,
    ],
    ['a commit that is an option', { commit: '--all' }, /"--all" cannot name a commit/],
    ['a branch of several lines', { branch: 'a\nb' }, /it has a line break in it/],
  ];
  for (const [what, ref, message] of bad) {
    it(`refuses ${what}, and leaves nothing behind`, async () => {
      await assert.rejects(clone([{ path: 'src', ...ref }]), message);
      assert.equal(existsSync(join(rig.root, 'src')), false);
    });
  }

  it('says that a repository does not exist', async () => {
    const run = rig.run(gitClone, { repoURL: `${origin.url}-nope`, checkout: [{ path: 'src' }] });
    await assert.rejects(run, /^Error: file:.*-nope: the repository does not exist.*check repoURL/);
  });

  it('says that a host cannot be reached', async () => {
    const run = rig.run(gitClone, { repoURL: 'http://127.0.0.1:1/a.git', checkout: [{ path: 'src' }] });
    await assert.rejects(run, /http:\/\/127\.0\.0\.1:1\/a\.git: the host cannot be reached; check repoURL/);
  });
});

function freightOf(origin: TestRepository): FreightSet {
  const collection = [
    ['new', 'c2'],
    ['old', 'c1'],
  ].map(([name, id]) => ({
    name: name!,
    alias: name!,
    origin: { kind: 'Warehouse' as const, name: name! },
    commits: [{ repoURL: origin.url, id: origin.commits.get(id!)! }],
    images: [],
    charts: [],
    artifacts: [],
  }));
  return { target: collection[0]!, collection, origins: collection.map((one) => one.origin), warehouses: [] };
}
