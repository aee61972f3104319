import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runGantry } from '../../support/cli.ts';

describe('gantry tools', () => {
  const home = mkdtempSync(join(tmpdir(), 'gantry-tools-'));
  after(() => rmSync(home, { recursive: true }));

  it('lists what is there and what is missing, and makes nothing', async () => {
    const env = { PATH: home, HOME: home, XDG_CACHE_HOME: home };
    const { code, stdout } = await runGantry(['tools', '-o', 'json'], { env });
    const tools = JSON.parse(stdout) as Record<string, unknown>[];
    assert.deepEqual(
      new Set(tools.map(({ name }) => name)),
      new Set(['bash', 'git', 'helm', 'kustomize', 'temporal']),
    );
    for (const tool of tools) {
      assert.deepEqual(Object.keys(tool), ['name', 'version', 'path', 'origin']);
      assert.deepEqual([tool['path'], tool['origin']], [null, 'missing']);
    }
    assert.equal(code, 0);
  });

  it('shows where a tool is', async () => {
    const env = { PATH: process.env['PATH'], HOME: home, XDG_CACHE_HOME: home };
    const { stdout } = await runGantry(['tools'], { env });
    assert.match(stdout, /^NAME +VERSION +ORIGIN +PATH\n(.|\n)*git +2\.\S+ +PATH +\/.*git\n/);
  });
});
