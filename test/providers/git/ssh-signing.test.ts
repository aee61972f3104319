import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gitClone } from '../../../src/activities/steps/git-clone.ts';
import { gitCommit } from '../../../src/activities/steps/git-commit.ts';
import { gitPush } from '../../../src/activities/steps/git-push.ts';
import { gitTag } from '../../../src/activities/steps/git-tag.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { createTestRepository, runGit, type TestRepository } from '../../support/git-repository.ts';
import { createStepRig, type StepRig, type StepWorldOptions } from '../../support/step-world.ts';

describe('signing with SSH keys', () => {
  let rig: StepRig;
  let origin: TestRepository;
  let ours: SshKey;
  let other: SshKey;

  before(() => {
    ours = createSshKey();
    other = createSshKey();
  });
  beforeEach(() => {
    rig = createStepRig();
    origin = createTestRepository(join(rig.folder, 'origin'), {
      commits: [{ id: 'c1', branch: 'main', files: { a: '1\n' }, message: 'one' }],
    });
  });
  afterEach(() => rig.remove());

  const clone = (signingKey?: string, checkout: JsonObject = {}, options?: StepWorldOptions) => {
    const author = signingKey && { name: 'Bot', email: 'bot@example.org', signingKey };
    const config = { repoURL: origin.url, checkout: [{ path: 'src', branch: 'main', ...checkout }] };
    return rig.run(gitClone, { ...config, ...(author && { author }) }, options);
  };
  const commit = async (author?: JsonObject) => {
    writeFileSync(join(rig.root, 'src/a'), '2\n');
    const config = { path: 'src', message: 'two', ...(author && { author }) };
    return (await rig.run(gitCommit, config)).output!['commit'] as string;
  };
  const signedBy = (name: string, key: SshKey, verify: 'verify-commit' | 'verify-tag' = 'verify-commit') => {
    const signers = join(rig.folder, 'signers');
    writeFileSync(signers, `bot ${key.publicKey}\n`);
    const settings = ['-c', `gpg.ssh.allowedSignersFile=${signers}`];
    runGit(join(rig.root, 'src'), [...settings, verify, name]);
    return true;
  };

  it('signs commits, tags and the commit that begins a branch, alike every time', async () => {
    await clone(ours.privateKey);
    const sha = await commit();
    assert.ok(signedBy(sha, ours));
    assert.throws(() => signedBy(sha, other));
    await rig.run(gitTag, { path: 'src', tag: 'v1' });
    assert.ok(signedBy('v1', ours, 'verify-tag'));
    rig.loseWorkspace();
    await clone(ours.privateKey);
    assert.equal(await commit(), sha);
    rig.loseWorkspace();
    await clone(ours.privateKey, { branch: 'new', create: true });
    assert.ok(signedBy('HEAD', ours));
  });

  it('signs one commit with a key of its own, and scripts sign with that of the clone', async () => {
    await clone(ours.privateKey);
    assert.ok(signedBy(await commit({ signingKey: other.privateKey }), other));
    runGit(join(rig.root, 'src'), ['commit', '--quiet', '--allow-empty', '-m', 'by hand']);
    assert.ok(signedBy('HEAD', ours));
  });

  it('signs commits and tags again that a push makes anew, as it trusts its own signatures', async () => {
    await clone(ours.privateKey);
    await commit();
    await rig.run(gitTag, { path: 'src', tag: 'v1', message: 'm\n\nbody' });
    origin.add([{ id: 'o', branch: 'main', files: { b: '9\n' }, message: 'other' }]);
    const { output } = await rig.run(gitPush, { path: 'src' }, { git: { integration: 'RebaseOrFail' } });
    assert.ok(signedBy(output?.['commit'] as string, ours));
    assert.equal(runGit(join(rig.root, 'src'), ['rev-parse', 'v1^{}']), output?.['commit']);
    assert.ok(signedBy('v1', ours, 'verify-tag'));
    assert.equal(
      runGit(join(rig.root, 'src'), ['tag', '-l', '--format=%(contents:body)', 'v1']).trim(),
      'body',
    );
  });

  it('keeps the key to its owner, and out of the work tree', async () => {
    await clone(ours.privateKey);
    const body = ours.privateKey.split('\n').filter((line) => line.length > 40);
    const holders = listFiles(rig.root).filter((file) =>
      body.some((line) => readFileSync(file, 'utf8').includes(line)),
    );
    assert.equal(holders.length, 1);
    assert.ok(holders[0]!.startsWith(join(rig.root, '.home/repositories')));
    assert.equal(statSync(holders[0]!).mode & 0o777, 0o600);
  });

  const unusable: readonly (readonly [string, () => string, RegExp])[] = [
    [
      'wants a passphrase',
      () => createSshKey('abcdef').privateKey,
      /author\.signingKey is protected by a passphrase; give a key without one/,
    ],
    [
      'is cut off',
      () => ours.privateKey.slice(0, 120),
      /author\.signingKey holds no SSH key that can be read; give the whole file/,
    ],
    ['is public', () => ours.publicKey, /author\.signingKey holds no key .* or a private SSH key/],
  ];
  for (const [what, make, message] of unusable) {
    it(`refuses a key that ${what}`, async () => {
      const key = make();
      const isRight = (error: Error) =>
        error.name === 'TerminalError' && message.test(error.message) && !error.message.includes(key);
      await assert.rejects(clone(key), isRight);
      assert.ok(!listFiles(rig.root).some((file) => file.includes('ssh-signing')));
    });
  }

  it('says that the worker has no ssh-keygen', async () => {
    const bin = join(rig.folder, 'bin');
    mkdirSync(bin);
    symlinkSync(execFileSync('sh', ['-c', 'command -v git'], { encoding: 'utf8' }).trim(), join(bin, 'git'));
    const git = { environment: { PATH: bin } };
    await assert.rejects(clone(ours.privateKey, {}, { git }), /author\.signingKey needs ssh-keygen/);
  });
});

interface SshKey {
  readonly privateKey: string;
  readonly publicKey: string;
}

function createSshKey(passphrase = ''): SshKey {
  const folder = mkdtempSync(join(tmpdir(), 'ssh-key-'));
  try {
    const file = join(folder, 'key');
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', passphrase, '-C', 'test', '-f', file]);
    return { privateKey: readFileSync(file, 'utf8'), publicKey: readFileSync(`${file}.pub`, 'utf8').trim() };
  } finally {
    rmSync(folder, { recursive: true });
  }
}

function listFiles(folder: string): readonly string[] {
  const entries = readdirSync(folder, { withFileTypes: true, recursive: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
}
