import assert from 'node:assert/strict';
import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  realpathSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hurryCleaning } from '../../../src/providers/git/mirror/cleaning.ts';
import { salvageTrees } from '../../../src/providers/git/mirror/salvage.ts';
import { createTestRepository, type TestRepository } from '../../support/git-repository.ts';
import { createTestGit } from '../../support/step-world.ts';

const date = new Date('2026-03-01T12:00:00Z');

describe('many promotions of one repository at once', () => {
  let folder: string;
  let origin: TestRepository;

  beforeEach(() => {
    folder = realpathSync(mkdtempSync(join(tmpdir(), 'gantry-many-')));
    origin = createTestRepository(join(folder, 'origin'), {
      commits: [{ id: 'c1', branch: 'main', files: { a: '1\n' }, message: 'one' }],
    });
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A promotion that commits one file of its own; what it is called tells it from the others. */
  async function promote(index: number, repoURL: string, branch: string, mirrors?: string): Promise<string> {
    const root = join(folder, `w${index}`);
    mkdirSync(root);
    const git = createTestGit(
      root,
      mirrors === undefined ? {} : { mirrors: { folder: mirrors, smallestTree: 1 } },
    );
    const clone = await git.clone({ name: 'clone', repoURL, date });
    const path = join(root, 'src');
    await clone.checkOut({ label: 'src', path, branch: 'main' });
    writeFileSync(join(path, `file-${index}`), '');
    const tree = await git.openWorkTree(path, 'src');
    await tree.commit({ message: `by ${index}`, date });
    await tree.tag({ names: [`t${index}`], force: false, date });
    const { sha } = await tree.push({ target: branch, force: false, maxAttempts: 50, date, firstDelay: 20 });
    await tree.pushTags([`t${index}`]);
    return sha;
  }

  /** One worker: they share what it has of the repository, and every work tree that one leaves behind. */
  const allOnOne = (from: number, branchOf: (index: number) => string) =>
    Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const mirrors = join(folder, 'mirrors');
        const sha = await promote(from + index, origin.url, branchOf(index), mirrors);
        const root = join(folder, `w${from + index}`);
        const { cleaned } = await salvageTrees({ home: join(root, '.home'), files: root, mirrors });
        hurryCleaning(mirrors);
        await cleaned;
        rmSync(root, { recursive: true });
        return sha;
      }),
    );

  const all = (count: number, branchOf: (index: number) => string, urlOf = (_index: number) => origin.url) =>
    Promise.all(Array.from({ length: count }, (_, index) => promote(index, urlOf(index), branchOf(index))));

  function assertEachOnce(count: number): void {
    const subjects = origin.git('log', '--format=%s', 'main').split('\n');
    const expected = ['one', ...Array.from({ length: count }, (_, index) => `by ${index}`)];
    assert.deepEqual(subjects.sort(), expected.sort());
    for (let index = 0; index < count; index += 1) {
      assert.equal(origin.git('log', '-1', '--format=%s', `t${index}^{}`), `by ${index}`);
      origin.git('merge-base', '--is-ancestor', `t${index}`, 'main');
    }
  }

  it('do not disturb each other on branches of their own', async () => {
    const shas = await all(20, (index) => `env/${index}`);
    const heads = shas.map((_, index) => origin.git('rev-parse', `env/${index}`));
    assert.deepEqual(heads, shas);
  }).timeout(120_000);

  it('share the mirror of one worker, and lose no lock to each other, the first time and the second', async () => {
    const files = Array.from({ length: 300 }, (_, n) => [`apps/${n % 20}/file-${n}.yaml`, `n: ${n}\n`]);
    origin.add([{ id: 'c2', branch: 'main', files: Object.fromEntries(files), message: 'many' }]);
    for (const from of [100, 200]) {
      const shas = await allOnOne(from, (index) => `env/${from}-${index}`);
      const heads = shas.map((_, index) => origin.git('rev-parse', `env/${from}-${index}`));
      assert.deepEqual(heads, shas);
    }
    assert.deepEqual(
      readdirSync(join(folder, 'mirrors')).filter((name) => /lock|tmp/.test(name)),
      [],
    );
  }).timeout(240_000);

  it('share the mirror of one worker, and all push to one branch, once each', async () => {
    await allOnOne(0, () => 'main');
    assertEachOnce(20);
  }).timeout(240_000);

  it('all push to one branch, once each', async () => {
    await all(20, () => 'main');
    assertEachOnce(20);
  }).timeout(120_000);

  it('all push to one branch, once each, also as workers that know nothing of each other', async () => {
    // Each has an address of its own for the same place, so none waits for its turn.
    const urlOf = (index: number) => {
      symlinkSync(origin.path, join(folder, `address-${index}`));
      return join(folder, `address-${index}`);
    };
    await all(10, () => 'main', urlOf);
    assertEachOnce(10);
  }).timeout(180_000);
});
