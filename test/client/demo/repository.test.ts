import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createGitRunner } from '../../../src/client/demo/git.ts';
import { openDemoRepository } from '../../../src/client/demo/repository.ts';
import { toolPath } from '../../support/tools.ts';

describe('the repository of the demo', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-repository-'));
  const git = toolPath('git');
  const template = fileURLToPath(new URL('../../../examples/demo/repository', import.meta.url));
  const open = () => openDemoRepository({ folder, template, git, env: process.env });
  after(() => rmSync(folder, { recursive: true }));

  it('begins with the example, whoever makes it first', async () => {
    const [one, other] = await Promise.all([open(), open()]);
    assert.equal(one.url, other.url);
    assert.deepEqual(readdirSync(folder), ['repository.git']);
    const clone = join(folder, 'clone');
    execFileSync(git, ['clone', '--quiet', one.url, clone], {
      env: { PATH: process.env['PATH'], HOME: folder },
    });
    assert.deepEqual(readdirSync(clone).sort(), ['.git', 'README.md', 'base', 'chart', 'stages']);
    rmSync(clone, { recursive: true });
  });

  it('offers 1.0.0, then what comes after the newest tag in any Stage', async () => {
    const repository = await open();
    assert.equal(await repository.nextTag(['test', 'prod']), '1.0.0');
    await render('test', '1.9.0');
    await render('prod', '1.2.0');
    assert.equal(await repository.nextTag(['test', 'prod']), '1.10.0');
  });

  it('shows what a commit changed', async () => {
    const repository = await open();
    const sha = await render('test', '1.11.0');
    const text = await repository.show(sha);
    assert.match(text, /^Render\n(.|\n)*manifests\.yaml \| \d(.|\n)*^\+image: example\/hello:1\.11\.0$/m);
  });

  /** What a promotion leaves behind, by plumbing. */
  async function render(stage: string, tag: string): Promise<string> {
    const run = createGitRunner(git, join(folder, 'repository.git'), process.env);
    const index = { GIT_INDEX_FILE: join(folder, 'repository.git', `${stage}-index`) };
    const file = join(folder, 'repository.git', 'manifests.yaml');
    writeFileSync(file, `image: example/hello:${tag}\n`);
    const blob = (await run(['hash-object', '-w', file])).trim();
    await run(['update-index', '--add', '--cacheinfo', `100644,${blob},manifests.yaml`], index);
    const tree = (await run(['write-tree'], index)).trim();
    const sha = (await run(['commit-tree', '-m', 'Render', tree])).trim();
    await run(['update-ref', `refs/heads/stage/${stage}`, sha]);
    return sha;
  }
});
