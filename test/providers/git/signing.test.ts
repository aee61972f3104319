import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gitClone } from '../../../src/activities/steps/git-clone.ts';
import { gitCommit } from '../../../src/activities/steps/git-commit.ts';
import { gitPush } from '../../../src/activities/steps/git-push.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { GitOptions, IntegrationPolicy } from '../../../src/providers/git/git.ts';
import { findMarkedProcesses } from '../../../src/providers/git/marked-processes.ts';
import { createTestRepository, runGit, type TestRepository } from '../../support/git-repository.ts';
import {
  createSigningKey,
  hasGpg,
  readSigner,
  signHead,
  type SigningKey,
} from '../../support/signing-key.ts';
import { createStepRig, type StepRig, type StepWorldOptions } from '../../support/step-world.ts';

describe('signing', () => {
  let rig: StepRig;
  let origin: TestRepository;
  let ours: SigningKey;
  let other: SigningKey;

  before(function () {
    if (!hasGpg()) this.skip();
    ours = createSigningKey();
    other = createSigningKey();
  });
  beforeEach(() => {
    rig = createStepRig();
    origin = createTestRepository(join(rig.folder, 'origin'), {
      commits: [{ id: 'c1', branch: 'main', files: { a: '1\n', b: '1\n' }, message: 'one' }],
    });
  });
  afterEach(() => rig?.remove());

  const clone = (key?: SigningKey, checkout: JsonObject = {}, options: StepWorldOptions = {}) => {
    const author = key && { name: 'Bot', email: 'bot@example.org', signingKey: key.privateKey };
    const config = { repoURL: origin.url, checkout: [{ path: 'src', branch: 'main', ...checkout }] };
    return rig.run(gitClone, { ...config, ...(author && { author }) }, options);
  };
  const commit = async (author?: JsonObject, options: StepWorldOptions = {}, text = '2\n') => {
    writeFileSync(join(rig.root, 'src/a'), text);
    const config = { path: 'src', message: `write ${text}`, ...(author && { author }) };
    return (await rig.run(gitCommit, config, options)).output!['commit'] as string;
  };
  const push = (integration: IntegrationPolicy = 'AlwaysRebase', options: StepWorldOptions = {}) =>
    rig.run(gitPush, { path: 'src' }, { ...options, git: { integration } });
  const moveOn = () => origin.add([{ id: 'o', branch: 'main', files: { b: '9\n' }, message: 'other' }]);
  const signer = (sha: string) => readSigner(join(rig.root, 'src'), sha, [ours, other]);
  const head = (path = 'src') => runGit(join(rig.root, path), ['rev-parse', 'HEAD']);

  it('signs what is committed with the key of the clone, alike every time', async () => {
    await clone(ours);
    const sha = await commit();
    assert.equal(signer(sha), ours.fingerprint);
    assert.equal(runGit(join(rig.root, 'src'), ['log', '-1', '--format=%an']), 'Bot');
    rig.loseWorkspace();
    await clone(ours);
    await sleep(1100);
    assert.equal(await commit(), sha);
  });

  it('signs with the key of the worker where the steps give none', async () => {
    const git = { signingKey: other.privateKey, identity: { name: 'Ops', email: 'ops@example.org' } };
    await clone(undefined, {}, { git });
    const sha = await commit(undefined, { git });
    assert.equal(signer(sha), other.fingerprint);
    assert.equal(runGit(join(rig.root, 'src'), ['log', '-1', '--format=%an <%ae>']), 'Ops <ops@example.org>');
    assert.equal(signer(await commit({ signingKey: ours.privateKey }, { git }, '3\n')), ours.fingerprint);
    rig.loseWorkspace();
    await clone(ours, {}, { git });
    assert.equal(signer(await commit(undefined, { git })), ours.fingerprint);
  });

  it('says that the key of the worker is at fault, and none of the step', async () => {
    const git = { signingKey: '-----BEGIN PGP PRIVATE KEY BLOCK-----\n' };
    await assert.rejects(clone(undefined, {}, { git }), {
      message: /^git\.signingKey of this worker holds no key that can be read/,
    });
  });

  it('signs with a key made after the time of the commit too', async () => {
    await clone(ours);
    const startedAt = new Date('2025-06-01T00:00:00Z');
    const sha = await commit(undefined, { startedAt });
    assert.equal(signer(sha), ours.fingerprint);
    assert.equal(await commit(undefined, { startedAt }), sha);
  });

  it('signs the commit that begins a branch', async () => {
    await clone(ours, { branch: 'env/new', create: true });
    assert.equal(signer(head()), ours.fingerprint);
    assert.equal(origin.git('rev-parse', 'env/new'), head());
  });

  it('signs one commit with a key of its own, and knows it again', async () => {
    await clone(ours);
    const sha = await commit({ signingKey: other.privateKey });
    assert.equal(signer(sha), other.fingerprint);
    const { output } = await rig.run(gitCommit, {
      path: 'src',
      message: 'write 2\n',
      author: { signingKey: other.privateKey },
    });
    assert.deepEqual(output, { commit: sha });
    assert.equal(signer(await commit(undefined, {}, '3\n')), ours.fingerprint);
  });

  it('signs commits again that a push makes anew', async () => {
    await clone();
    await commit({ signingKey: ours.privateKey });
    moveOn();
    await push();
    assert.equal(signer(origin.git('rev-parse', 'main')), ours.fingerprint);
    assert.equal(origin.git('log', '--format=%s', 'main'), 'write 2\nother\none');
  });

  it('recognises its pushed commit after a loss, also when it is signed differently now', async () => {
    const early = { startedAt: new Date('2025-06-01T00:00:00Z') };
    const { output: cloned } = await clone(ours);
    const sha = await commit(undefined, early);
    moveOn();
    const { output: pushed } = await push('AlwaysRebase', early);
    rig.loseWorkspace();
    await clone(ours, {}, { previous: cloned! });
    await sleep(1100);
    assert.notEqual(await commit(undefined, early), sha);
    const { output } = await push('AlwaysRebase', early);
    assert.equal(output?.['commit'], pushed?.['commit']);
    assert.equal(origin.git('rev-parse', 'main'), pushed?.['commit']);
  });

  it('signs what scripts commit and tag in the work tree', async () => {
    await clone(ours);
    writeFileSync(join(rig.root, 'src/a'), '2\n');
    runGit(join(rig.root, 'src'), ['commit', '--quiet', '--all', '--message', 'by hand']);
    assert.equal(signer(head()), ours.fingerprint);
    runGit(join(rig.root, 'src'), ['tag', '--annotate', '--message', 't', 'v1']);
    assert.match(runGit(join(rig.root, 'src'), ['cat-file', 'tag', 'v1']), /BEGIN PGP SIGNATURE/);
  });

  const judged: readonly (readonly [string, Signed, Signed, 'rebase' | 'merge'])[] = [
    ['unsigned commits without a key', undefined, undefined, 'rebase'],
    ['commits signed by the key of the clone', 'ours', 'ours', 'rebase'],
    ['commits signed by somebody else, without a key', undefined, 'other', 'merge'],
    ['commits signed by somebody else', 'ours', 'other', 'merge'],
    ['unsigned commits, with a key', 'ours', undefined, 'merge'],
  ];
  for (const [what, cloned, signed, way] of judged) {
    it(`lets RebaseOrMerge ${way}, and RebaseOrFail ${way === 'merge' ? 'fail' : way}, ${what}`, async () => {
      const keyOf = (which: Signed) => which && { ours, other }[which];
      await clone(keyOf(cloned));
      commitByHand(keyOf(signed));
      moveOn();
      if (way === 'merge') {
        const before = head();
        await assert.rejects(push('RebaseOrFail'), {
          name: 'TerminalError',
          message: /^branch main of file:.* moved on, .*RebaseOrFail allows .*git\.pushPolicy$/,
        });
        assert.equal(head(), before);
      }
      await push(way === 'merge' ? 'RebaseOrMerge' : 'RebaseOrFail');
      const parents = origin.git('log', '-1', '--format=%P', 'main').split(' ');
      assert.equal(parents.length, way === 'merge' ? 2 : 1);
      if (cloned) assert.equal(signer(origin.git('rev-parse', 'main')), keyOf(cloned)?.fingerprint);
    });
  }

  it('hands the key to gpg in secret, from a workspace with a long path, and leaves no process', async () => {
    const { bin, seen } = createSpy(rig);
    const temporary = join(rig.folder, 'tmp');
    mkdirSync(temporary);
    const task = `signing-${process.pid}-${Math.random()}`;
    const environment = { PATH: `${bin}:${process.env['PATH']}`, TMPDIR: temporary };
    const home = join(rig.root, '.home', 'x'.repeat(120));
    const git: Partial<GitOptions> = { home, task, environment };
    await clone(ours, {}, { git });
    await commit(undefined, { git });
    await waitUntil(async () => (await findMarkedProcesses(task)).length === 0);
    assert.deepEqual(readdirSync(temporary), []);
    assert.match(readFileSync(seen, 'utf8'), /--import/);
    const ring = join(home, 'repositories', readdirSync(join(home, 'repositories'))[0]!, 'gnupg');
    assert.equal(statSync(ring).mode & 0o777, 0o700);
    const body = ours.privateKey.split('\n').filter((line) => line.length > 40);
    for (const file of [seen, ...listFiles(rig.root)]) {
      const text = readFileSync(file, 'utf8');
      assert.ok(!body.some((line) => text.includes(line)), `${file} holds the key`);
    }
  });

  const unusable: readonly (readonly [string, () => string, RegExp])[] = [
    ['is no key', () => 'c2VjcmV0LXRleHQ=', /author\.signingKey holds no key .* --export-secret-keys/],
    ['is a public key', () => ours.publicKey, /author\.signingKey holds a public key only; give a private/],
    [
      'wants a passphrase',
      () => createSigningKey({ passphrase: 'abcdef' }).privateKey,
      /author\.signingKey is protected by a passphrase; export the key without one/,
    ],
    [
      'has expired',
      () => createSigningKey({ made: '20200101T000000', expires: '1d' }).privateKey,
      /author\.signingKey cannot sign; give a private key that is valid/,
    ],
  ];
  for (const [what, make, message] of unusable) {
    it(`refuses a key that ${what}, at the clone and at the commit`, async () => {
      const key = { ...ours, privateKey: make() };
      const expected = (error: Error) =>
        error.name === 'TerminalError' && message.test(error.message) && !error.message.includes('c2VjcmV0');
      await assert.rejects(clone(key), expected);
      await clone();
      await assert.rejects(commit({ signingKey: key.privateKey }), expected);
      assert.equal(head(), origin.commits.get('c1'));
    });
  }

  it('says that the worker has no gpg', async () => {
    const bin = join(rig.folder, 'bin');
    mkdirSync(bin);
    for (const name of ['git', 'dirname', 'mktemp', 'ln', 'rm', 'mv'])
      symlinkSync(which(name), join(bin, name));
    const git = { environment: { PATH: bin } };
    await assert.rejects(clone(ours, {}, { git }), /author\.signingKey needs gpg, .* install GnuPG/);
  });

  type Signed = 'ours' | 'other' | undefined;

  /** A commit as a script might make it, signed as told. */
  function commitByHand(key: SigningKey | undefined): void {
    const tree = join(rig.root, 'src');
    writeFileSync(join(tree, 'a'), '2\n');
    runGit(tree, ['-c', 'commit.gpgSign=false', 'commit', '--quiet', '--all', '--message', 'by hand']);
    if (key) signHead(tree, key);
  }
});

/** A folder with a gpg that notes what it is called with, arguments and environment, before it does its work. */
function createSpy(rig: StepRig): { bin: string; seen: string } {
  const bin = join(rig.folder, 'spy');
  const seen = join(rig.folder, 'seen');
  mkdirSync(bin);
  const text = `#!/bin/sh\necho "$@" >> '${seen}'\nenv >> '${seen}'\nexec ${which('gpg')} "$@"\n`;
  writeFileSync(join(bin, 'gpg'), text, { mode: 0o755 });
  return { bin, seen };
}

function which(name: string): string {
  return execFileSync('sh', ['-c', 'command -v "$0"', name], { encoding: 'utf8' }).trim();
}

function listFiles(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}

async function waitUntil(holds: () => Promise<boolean>): Promise<void> {
  for (const end = Date.now() + 3000; !(await holds()); await sleep(20)) {
    if (Date.now() > end) throw new Error('it did not come to hold within 3 s');
  }
}
