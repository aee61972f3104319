import assert from 'node:assert/strict';
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { findOrMakeBundle } from '../../src/worker/bundle-cache.ts';

describe('bundle cache', () => {
  let cache: string;
  let made = 0;
  const make = () => Promise.resolve(`// bundle ${(made += 1)}`);

  beforeEach(async () => {
    cache = await mkdtemp(join(tmpdir(), 'gantry-bundles-'));
    made = 0;
  });

  afterEach(() => rm(cache, { recursive: true }));

  it('makes a bundle once, for all processes', async () => {
    const env = { XDG_CACHE_HOME: cache };
    assert.deepEqual(await findOrMakeBundle(env, make), { code: '// bundle 1' });
    assert.deepEqual(await findOrMakeBundle(env, make), { code: '// bundle 1' });
    const names = await readdir(join(cache, 'gantry', 'workflows'));
    assert.equal(names.length, 1);
    assert.match(names[0]!, /^[0-9a-f]{32}\.js$/);
  });

  it('does without a place to keep it', async () => {
    const file = join(cache, 'a file');
    await writeFile(file, '');
    const env = { XDG_CACHE_HOME: file };
    assert.deepEqual(await findOrMakeBundle(env, make), { code: '// bundle 1' });
    assert.deepEqual(await findOrMakeBundle(env, make), { code: '// bundle 2' });
  });

  it('keeps the last three', async () => {
    const folder = join(cache, 'gantry', 'workflows');
    await findOrMakeBundle({ XDG_CACHE_HOME: cache }, make);
    const [name] = await readdir(folder);
    await rm(join(folder, name!));
    for (const old of ['a', 'b', 'c', 'd']) await writeFile(join(folder, `${old}.js`), '');
    await findOrMakeBundle({ XDG_CACHE_HOME: cache }, make);
    const kept = await readdir(folder);
    assert.equal(kept.length, 3);
    assert.ok(kept.includes(name!));
  });
});
