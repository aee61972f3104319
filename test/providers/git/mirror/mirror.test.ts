import assert from 'node:assert/strict';
import {
  existsSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { gitClone } from '../../../../src/activities/steps/git-clone.ts';
import { gitCommit } from '../../../../src/activities/steps/git-commit.ts';
import { gitPush } from '../../../../src/activities/steps/git-push.ts';
import type { JsonObject } from '../../../../src/core/json.ts';
import { tidyMirrors } from '../../../../src/providers/git/mirror/tidy-mirrors.ts';
import { createTestRepository, runGit, type TestRepository } from '../../../support/git-repository.ts';
import { createStepRig, type StepRig, type StepWorldOptions } from '../../../support/step-world.ts';
import { toolPath } from '../../../support/tools.ts';

describe('mirrors of repositories', () => {
  let rig: StepRig;
  let origin: TestRepository;
  let mirrors: string;

  beforeEach(() => {
    rig = createStepRig();
    mirrors = `${rig.root}.mirrors`;
    origin = createTestRepository(join(rig.folder, 'origin'), {
      commits: [
        { id: 'c1', branch: 'main', files: { a: '1\n', 'app/b': 'b\n' }, message: 'one' },
        { id: 'c2', branch: 'main', files: { a: '2\n' }, message: 'two' },
      ],
    });
  });
  afterEach(() => rig.remove());

  const clone = (checkout: JsonObject, more: JsonObject = {}, options: StepWorldOptions = {}) => {
    rig.loseWorkspace();
    return rig.run(
      gitClone,
      { repoURL: origin.url, checkout: [{ path: 'src', ...checkout }], ...more },
      options,
    );
  };
  const mirror = () =>
    join(
      mirrors,
      readdirSync(mirrors).find((name) => /^[0-9a-f]{32}$/.test(name))!,
    );
  const packs = () => join(mirror(), 'objects/pack');
  const packFiles = () => readdirSync(packs()).filter((name) => name.endsWith('.pack'));
  const head = () => runGit(join(rig.root, 'src'), ['rev-parse', 'HEAD']);
  const bare = () => {
    const repositories = join(rig.root, '.home/repositories');
    return join(repositories, readdirSync(repositories)[0]!, 'bare');
  };

  it('fetch an object once, however many promotions want it', async () => {
    await clone({});
    const first = inodesOfPacks(mirror());
    await clone({});
    assert.deepEqual(inodesOfPacks(bare()), first);
    assert.deepEqual(inodesOfPacks(mirror()), first);
    origin.add([{ id: 'c3', branch: 'main', files: { a: '3\n' }, message: 'three' }]);
    await clone({});
    assert.equal(head(), origin.commits.get('c3'));
    assert.equal(packFiles().length, 2);
  });

  it('are fetched once by promotions that begin together', async () => {
    const rigs = Array.from({ length: 6 }, () => createStepRig());
    try {
      const options = { git: { mirrors: { folder: mirrors } } };
      const config = { repoURL: origin.url, checkout: [{ path: 'src' }] };
      await Promise.all(rigs.map((own) => own.run(gitClone, config, options)));
      const packs = rigs.flatMap((own) => [...inodesOfPacks(join(own.root, '.home'))]);
      assert.equal(packs.length, 6);
      assert.equal(new Set(packs).size, 1);
    } finally {
      for (const own of rigs) own.remove();
    }
  });

  it('are independent of the clones that use them', async () => {
    await clone({});
    await clone({});
    rmSync(mirrors, { recursive: true });
    assert.equal(existsSync(join(bare(), 'objects/info/alternates')), false);
    runGit(bare(), ['fsck', '--strict']);
    writeFileSync(join(rig.root, 'src/a'), '3\n');
    await rig.run(gitCommit, { path: 'src', message: 'three' });
    await rig.run(gitPush, { path: 'src' });
    assert.equal(origin.git('log', '-1', '--format=%s', 'main'), 'three');
  });

  it('serve nobody whom the remote refuses', async () => {
    await clone({});
    rmSync(join(origin.path, 'HEAD'));
    await assert.rejects(clone({}), /does not exist/);
    assert.ok(existsSync(join(mirror(), 'packed-refs')), 'a refusal is no reason to give up the mirror');
  });

  it('do not bring back what the remote no longer has', async () => {
    await clone({});
    const gone = origin.commits.get('c2')!;
    origin.git('update-ref', 'refs/heads/main', origin.commits.get('c1')!);
    await clone({ commit: gone });
    assert.equal(head(), gone, 'the remote still gives it');
    origin.git('prune', '--expire=now');
    await assert.rejects(clone({ commit: gone }), /commit "[0-9a-f]+" does not exist/);
    await assert.rejects(clone({ commit: gone.slice(0, 12) }), /does not exist/);
    await clone({});
    assert.equal(head(), origin.commits.get('c1'));
  });

  it('change nothing about depth', async () => {
    await clone({});
    await clone({}, { depth: 1 });
    assert.equal(runGit(join(rig.root, 'src'), ['rev-list', '--count', 'HEAD']), '1');
    await clone({ commit: origin.commits.get('c1')! }, { depth: 1 });
    assert.equal(head(), origin.commits.get('c1'));
  });

  it('take nothing from clones that have not everything', async () => {
    await clone({ sparse: ['app'] }, { blobless: true });
    await clone({}, { depth: 1 });
    assert.equal(existsSync(join(mirror(), 'packed-refs')), false);
    await clone({});
    runGit(mirror(), ['fsck', '--strict', '--full']);
    await clone({ sparse: ['app'] }, { blobless: true });
    runGit(mirror(), ['fsck', '--strict', '--full']);
  });

  const damages: Readonly<Record<string, () => void>> = {
    'a truncated pack': () => {
      for (const name of packFiles()) truncateSync(join(packs(), name), 40);
    },
    'a pack with other bytes in it': () => {
      for (const name of packFiles()) {
        const file = join(packs(), name);
        const bytes = readFileSync(file);
        writeFileSync(`${file}.new`, bytes.fill(0x55, 12, bytes.length - 20));
        rmSync(file);
        writeFileSync(file, readFileSync(`${file}.new`));
      }
    },
    'a pack without its index': () => {
      for (const name of packFiles()) rmSync(join(packs(), name.replace('.pack', '.idx')));
    },
    'an index without its pack': () => {
      for (const name of packFiles()) rmSync(join(packs(), name));
    },
    'refs that are no refs': () => writeFileSync(join(mirror(), 'packed-refs'), 'x'.repeat(300)),
    'refs to nothing': () =>
      writeFileSync(join(mirror(), 'packed-refs'), `${'1'.repeat(40)} refs/heads/main\n`),
    'no settings': () => rmSync(join(mirror(), 'config')),
    'no HEAD': () => rmSync(join(mirror(), 'HEAD')),
    'no objects': () => rmSync(join(mirror(), 'objects'), { recursive: true }),
    'a file in place of a folder': () => {
      rmSync(packs(), { recursive: true });
      writeFileSync(packs(), '');
    },
    'a stale lock': () => writeFileSync(join(mirror(), 'packed-refs.lock'), ''),
  };
  for (const [damage, harm] of Object.entries(damages)) {
    it(`are no reason to fail: ${damage}`, async () => {
      await clone({});
      harm();
      rmSync(join(mirror(), 'trees'), { recursive: true, force: true });
      const { output } = await clone({});
      assert.deepEqual(output, { commits: { src: origin.commits.get('c2') } });
      assert.equal(readFileSync(join(rig.root, 'src/a'), 'utf8'), '2\n');
      runGit(bare(), ['fsck', '--strict']);
      await clone({});
      runGit(mirror(), ['fsck', '--strict']);
    });
  }

  it('stay within their bound: the least recently used goes first', async () => {
    const other = createTestRepository(join(rig.folder, 'other'), {
      commits: [{ id: 'o1', branch: 'main', files: { a: 'x\n' }, message: 'one' }],
    });
    await clone({});
    const old = mirror();
    await rig.run(gitClone, { repoURL: other.url, checkout: [{ path: 'other' }] }, { alias: 'other' });
    const bytes = Math.max(...readdirSync(mirrors).map((name) => bytesOfPacks(join(mirrors, name))));
    const removed: string[] = [];
    await tidyMirrors({ ...rules(mirrors), maximumBytes: bytes, onRemoved: (path) => removed.push(path) });
    assert.deepEqual(removed, [old]);
    assert.equal(readdirSync(mirrors).length, 1);
    runGit(bare(), ['fsck', '--strict']);
  });

  it('put the packs of many small fetches together', async () => {
    for (let count = 0; count < 25; count++) {
      origin.add([{ id: `n${count}`, branch: 'main', files: { a: `n${count}\n` }, message: 'next' }]);
      await clone({});
    }
    assert.ok(packFiles().length >= 24);
    await tidyMirrors(rules(mirrors));
    assert.ok(packFiles().length < 5, `${packFiles().length} packs are left`);
    runGit(mirror(), ['fsck', '--strict', '--full']);
    await clone({});
    assert.equal(head(), origin.commits.get('n24'));
  }).timeout(120_000);
});

function rules(folder: string) {
  return {
    folder,
    maximumBytes: Number.MAX_SAFE_INTEGER,
    binary: toolPath('git'),
    task: 'tidy',
    signal: new AbortController().signal,
    onRemoved: () => undefined,
  };
}

/** Those of a pack that clones have links to are shared with them. */
function bytesOfPacks(mirror: string): number {
  const folder = join(mirror, 'objects/pack');
  const files = readdirSync(folder).map((name) => statSync(join(folder, name)));
  return files.reduce((sum, { size, nlink }) => sum + size / nlink, 0);
}

/** The very files that hold the packs below a folder: a pack that was sent twice lies in two of them. */
function inodesOfPacks(folder: string): ReadonlySet<number> {
  const found = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((name) =>
    name.endsWith('.pack'),
  );
  return new Set(found.map((name) => statSync(join(folder, name)).ino));
}
