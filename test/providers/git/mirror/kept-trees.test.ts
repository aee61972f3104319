import assert from 'node:assert/strict';
import {
  chmodSync,
  existsSync,
  linkSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { gitClone } from '../../../../src/activities/steps/git-clone.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { hurryCleaning } from '../../../../src/providers/git/mirror/cleaning.ts';
import { salvageTrees } from '../../../../src/providers/git/mirror/salvage.ts';
import { createTestRepository, runGit, type TestRepository } from '../../../support/git-repository.ts';
import { createStepRig, createTestGit, type StepRig } from '../../../support/step-world.ts';

describe('work trees kept for later promotions', () => {
  let rig: StepRig;
  let origin: TestRepository;

  beforeEach(() => {
    rig = createStepRig();
    origin = createTestRepository(join(rig.folder, 'origin'), {
      commits: [
        {
          id: 'c1',
          branch: 'main',
          files: {
            a: '1\n',
            run: { text: '#!/bin/sh\n', mode: '0755' },
            link: { symlink: 'a' },
            'app/deep/b': 'b\n',
            'app/c': 'c\n',
          },
          message: 'one',
        },
        { id: 'c2', branch: 'main', files: { a: '2\n', new: 'n\n', 'app/c': null }, message: 'two' },
      ],
    });
  });
  afterEach(() => rig.remove());

  const src = (path = '') => join(rig.root, 'src', path);
  const clone = (checkout: JsonObject = { branch: 'main' }) =>
    rig.run(gitClone, { repoURL: origin.url, checkout: [{ path: 'src', ...checkout }] });
  /** The promotion ends: what can be kept moves to the mirrors, the rest goes. */
  const end = async () => {
    const { cleaned } = await endUncleaned();
    hurryCleaning(mirrorsFolder());
    await cleaned;
  };
  const endUncleaned = async () => {
    const mirrors = mirrorsFolder();
    const salvaged = await salvageTrees({ home: join(rig.root, '.home'), files: rig.root, mirrors });
    rig.loseWorkspace();
    return salvaged;
  };
  const mirrorsFolder = () => `${rig.root}.mirrors`;
  const inode = (path = 'app/deep/b') => statSync(src(path)).ino;
  /** A promotion leaves a tree, told by one of its files. */
  const leaveTree = async (checkout?: JsonObject) => {
    await clone(checkout);
    const left = inode();
    await end();
    return left;
  };
  const assertLikeFresh = (commit: string) => {
    assert.equal(runGit(src(), ['status', '--porcelain', '--ignored', '--untracked-files=all']), '');
    assert.equal(runGit(src(), ['rev-parse', 'HEAD']), origin.commits.get(commit));
    const fresh = join(rig.folder, 'fresh');
    rmSync(fresh, { recursive: true, force: true });
    runGit(rig.folder, ['clone', '--quiet', origin.url, fresh]);
    runGit(fresh, ['checkout', '--quiet', origin.commits.get(commit)!]);
    assert.deepEqual(listTree(src()), listTree(fresh));
  };

  it('are moved, not written: only what differs is', async () => {
    const before = await leaveTree({ branch: 'main' });
    origin.add([{ id: 'c3', branch: 'main', files: { a: '3\n' }, message: 'three' }]);
    await clone();
    assert.equal(inode(), before);
    assertLikeFresh('c3');
  });

  it('go to promotions of the same ref and the same folders only', async () => {
    const before = await leaveTree();
    await clone({ commit: origin.commits.get('c1')! });
    assert.notEqual(inode(), before);
    assertLikeFresh('c1');
    await end();
    await clone({ branch: 'main', sparse: ['app'] });
    assert.notEqual(inode(), before);
    await end();
    await clone();
    assert.equal(inode(), before);
  });

  it('stay as narrow as they were', async () => {
    origin.add([{ id: 'c3', branch: 'main', files: { 'other/x': 'x\n' }, message: 'three' }]);
    const narrow = { branch: 'main', sparse: ['app/deep'] };
    const before = await leaveTree(narrow);
    await clone(narrow);
    assert.equal(inode(), before);
    assert.ok(!existsSync(src('other')));
    assert.equal(runGit(src(), ['status', '--porcelain']), '');
  });

  it('are taken while the remote is asked, and given back when it does not answer', async () => {
    const before = await leaveTree();
    renameSync(origin.path, `${origin.path}.away`);
    await assert.rejects(clone());
    renameSync(`${origin.path}.away`, origin.path);
    await clone();
    assert.equal(inode(), before);
  });

  it('belong to whom expects them, until they are not needed', async () => {
    const before = await leaveTree();
    const mirrors = { folder: `${rig.root}.mirrors`, smallestTree: 1 };
    const other = createTestGit(join(rig.folder, 'other'), { mirrors });
    const expected = [{ branch: 'refs/heads/main' }, { branch: 'none' }];
    const idle = await other.clone({ name: 'idle', repoURL: origin.url, date: new Date(), expected });
    await clone();
    assert.notEqual(inode(), before);
    rig.loseWorkspace();
    await idle.close();
    await clone();
    assert.equal(inode(), before);
  });

  const traces: Readonly<Record<string, () => void>> = {
    'a changed file': () => writeFileSync(src('a'), 'mine\n'),
    'a file of the same size and time': () => {
      const { atime, mtime } = statSync(src('a'));
      writeFileSync(src('a'), '9\n');
      utimesSync(src('a'), atime, mtime);
    },
    'a new file': () => writeFileSync(src('app/secret'), 'x'),
    'an ignored file': () => {
      writeFileSync(src('.gitignore'), 'secret\n');
      writeFileSync(src('secret'), 'x');
    },
    'an empty folder': () => mkdirSync(src('app/empty/deep'), { recursive: true }),
    'a repository in a folder': () => {
      mkdirSync(src('inner'));
      runGit(src('inner'), ['init', '--quiet']);
    },
    'a mode git does not see': () => chmodSync(src('a'), 0o600),
    'a mode of a folder': () => chmodSync(src('app'), 0o700),
    'a deleted file': () => rmSync(src('app/deep/b')),
    'a deleted folder': () => rmSync(src('app'), { recursive: true }),
    'a link in place of a file': () => {
      rmSync(src('a'));
      symlinkSync('/etc/passwd', src('a'));
    },
    'a link in place of a folder': () => {
      rmSync(src('app'), { recursive: true });
      symlinkSync('/etc', src('app'));
    },
    'a folder in place of a file': () => {
      rmSync(src('a'));
      mkdirSync(src('a/b'), { recursive: true });
    },
    'a file in place of a folder': () => {
      rmSync(src('app'), { recursive: true });
      writeFileSync(src('app'), 'x');
    },
    'a second name for a file': () => linkSync(src('a'), join(rig.folder, 'door')),
    'commits and an index that lies': () => {
      writeFileSync(src('a'), 'mine\n');
      runGit(src(), ['-c', 'user.name=x', '-c', 'user.email=x@y', 'commit', '--quiet', '-am', 'mine']);
      runGit(src(), ['update-index', '--assume-unchanged', 'a', 'new']);
      writeFileSync(src('new'), 'mine\n');
    },
    'a link in place of the tree': () => {
      rmSync(src(), { recursive: true });
      symlinkSync(rig.folder, src());
    },
  };
  for (const [trace, leave] of Object.entries(traces)) {
    const ends = { 'cleaned before': end, 'cleaned by the next': endUncleaned };
    for (const [how, endIt] of Object.entries(ends)) {
      it(`show nothing of the promotion before: ${trace}, ${how}`, async () => {
        await clone();
        leave();
        await endIt();
        await clone();
        assertLikeFresh('c2');
        assert.ok(existsSync(origin.path));
      });
    }
  }

  it('show nothing of the promotion before, also of files that were written long before it', async () => {
    origin.add([
      { id: 'c3', branch: 'main', files: { moved: 'm\n', mode: 'm\n', door: 'd\n' }, message: 'three' },
    ]);
    await leaveTree({ branch: 'main' });
    // Git compares seconds, and what is older than the second before is left to it.
    await sleep(2100);
    await clone();
    const before = inode();
    const { atime, mtime } = statSync(src('a'));
    writeFileSync(src('a'), '9\n');
    utimesSync(src('a'), atime, mtime);
    renameSync(src('moved'), src('elsewhere'));
    chmodSync(src('mode'), 0o600);
    linkSync(src('door'), join(rig.folder, 'door'));
    rmSync(src('new'));
    mkdirSync(src('new'));
    runGit(src(), ['update-index', '--assume-unchanged', 'a', 'mode']);
    await endUncleaned();
    await clone();
    assert.equal(inode(), before);
    assert.equal(statSync(src('door')).nlink, 1);
    assertLikeFresh('c3');
  });

  it('are not waited for by the next of a row of promotions', async () => {
    const { ino } = await clone().then(() => statSync(src('app/deep/b')));
    writeFileSync(src('app/secret'), 'canary');
    const { cleaned } = await endUncleaned();
    await clone();
    await cleaned;
    assert.equal(inode(), ino);
    assertLikeFresh('c2');
  });

  it('lose what steps wrote soon after their promotion ends, though nobody takes them', async () => {
    await clone();
    writeFileSync(src('app/secret'), 'canary');
    await (
      await endUncleaned()
    ).cleaned;
    const kept = readdirSync(`${rig.root}.mirrors`, { recursive: true, encoding: 'utf8' });
    assert.deepEqual(
      kept.filter((name) => name.endsWith('secret')),
      [],
    );
    assert.ok(kept.some((name) => name.endsWith('files/app/deep/b')));
  });

  it('are written anew when the attributes that shape files change', async () => {
    const files = { '.gitattributes': 'a eol=crlf\n' };
    origin.add([{ id: 'c3', branch: 'main', files, message: 'attributes' }]);
    await clone({ branch: 'main' });
    assert.equal(readFileSync(src('a'), 'utf8'), '2\r\n');
    await end();
    origin.add([{ id: 'c4', branch: 'main', files: { '.gitattributes': 'new eol=lf\n' }, message: 'other' }]);
    await clone();
    assertLikeFresh('c4');
  });

  const damages: Readonly<Record<string, (seal: string) => void>> = {
    'its index is cut off': (seal) => writeFileSync(join(seal, 'index'), 'DIRC'),
    'its index is gone': (seal) => rmSync(join(seal, 'index')),
    'its files are gone': (seal) => rmSync(join(seal, 'files'), { recursive: true }),
    'its notes are no notes': (seal) => writeFileSync(join(seal, 'kind.json'), '{'),
  };
  for (const [damage, harm] of Object.entries(damages)) {
    it(`are given up in doubt: ${damage}`, async () => {
      await clone();
      await end();
      const [mirror] = readdirSync(`${rig.root}.mirrors`);
      const trees = join(`${rig.root}.mirrors`, mirror!, 'trees');
      for (const seal of readdirSync(trees)) harm(join(trees, seal));
      await clone();
      assertLikeFresh('c2');
    });
  }

  it('never come from outside the workspace, whatever its notes say', async () => {
    await clone();
    const outside = join(realpathSync(rig.folder), 'outside');
    mkdirSync(outside);
    writeFileSync(join(outside, 'mine'), 'x');
    const repositories = join(rig.root, '.home/repositories');
    const notes = join(repositories, readdirSync(repositories)[0]!, 'sealed-trees');
    const { seal } = JSON.parse(readFileSync(notes, 'utf8')) as { seal: string };
    writeFileSync(notes, `${JSON.stringify({ path: outside, seal })}\nnonsense\n`);
    await end();
    assert.equal(readFileSync(join(outside, 'mine'), 'utf8'), 'x');
  });
});

/** Everything a promotion can see of a work tree. */
function listTree(root: string): readonly string[] {
  const names = readdirSync(root, { recursive: true, withFileTypes: true })
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1))
    .filter((name) => name !== '.git' && !name.startsWith('.git/'));
  const modes = names.map((name) => {
    const found = lstatSync(join(root, name));
    const text = found.isFile() ? readFileSync(join(root, name), 'latin1') : '';
    return `${name} ${found.mode.toString(8)} ${JSON.stringify(text)}`;
  });
  return modes.toSorted();
}
