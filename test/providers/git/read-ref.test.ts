import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readBranch, readHead } from '../../../src/providers/git/read-ref.ts';
import { createTestRepository, type TestRepository } from '../../support/git-repository.ts';

describe("refs read from git's files", () => {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-refs-'));
  let repository: TestRepository;
  before(() => {
    const commits = [
      { id: 'c1', branch: 'main', files: { a: '1' }, message: 'one' },
      { id: 'c2', branch: 'stage/test', files: { a: '2' }, message: 'two' },
    ];
    repository = createTestRepository(join(folder, 'bare'), { commits });
  });
  after(() => rmSync(folder, { recursive: true }));

  const check = async () => {
    for (const [branch, id] of [
      ['main', 'c1'],
      ['stage/test', 'c2'],
    ] as const) {
      assert.equal(await readBranch(repository.path, `refs/heads/${branch}`), repository.commits.get(id));
    }
    assert.equal(await readHead(repository.path, repository.path), repository.commits.get('c1'));
  };

  it('are found loose', check);
  it('are found packed', async () => {
    repository.git('pack-refs', '--all');
    await check();
  });
  it('are found at a detached HEAD', async () => {
    const sha = repository.commits.get('c2')!;
    writeFileSync(join(folder, 'HEAD'), `${sha}\n`);
    assert.equal(await readHead(folder, repository.path), sha);
  });
  it('are not told when missing, of another kind, or odd', async () => {
    writeFileSync(join(repository.path, 'refs/heads/link'), 'ref: refs/heads/main\n');
    for (const ref of ['refs/heads/none', 'refs/heads/test', 'refs/heads/link', 'HEAD', 'refs/tags/v1']) {
      assert.equal(await readBranch(repository.path, ref), undefined, ref);
    }
    assert.equal(await readHead(join(folder, 'none'), repository.path), undefined);
  });
});
