import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, sep } from 'node:path';
import * as fc from 'fast-check';
import { resolveInWorkspace } from '../../src/activities/resolve-path.ts';

describe('a path in the workspace', () => {
  let root: string;

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), 'gantry-path-')));
    mkdirSync(join(root, 'a/b'), { recursive: true });
    writeFileSync(join(root, 'a/file'), '');
    for (const [path, target] of links) symlinkSync(target, join(root, path));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const links = [
    ['out', '/etc'],
    ['a/up', '../../../etc'],
    ['a/self', '.'],
    ['dangling', 'nowhere/at/all'],
    ['chain', 'a/up'],
    ['to-file', 'a/file'],
    ['circle', 'circle'],
    ['ping', 'pong'],
    ['pong', 'ping/x'],
  ] as const;

  const cases: readonly (readonly [path: string, resolved: string])[] = [
    ['', '.'],
    ['.', '.'],
    ['a/b', 'a/b'],
    ['./a//b/', 'a/b'],
    ['/a/b', 'a/b'],
    ['../../etc/x', 'etc/x'],
    ['a/../../b', 'b'],
    ['new/../a', 'a'],
    ['out/passwd', 'etc/passwd'],
    ['out/../x', 'x'],
    ['a/up/passwd', 'etc/passwd'],
    ['chain/x', 'etc/x'],
    ['a/self/self/b', 'a/b'],
    ['dangling/x', 'nowhere/at/all/x'],
    ['to-file/x', 'a/file/x'],
    ['back\\slash', 'back\\slash'],
  ];
  for (const [path, resolved] of cases) {
    it(`${JSON.stringify(path)} is ${resolved}`, async () =>
      assert.equal(await resolveInWorkspace(root, path), join(root, resolved)));
  }

  for (const path of ['circle', 'circle/x', 'ping']) {
    it(`${path} is an error, not a hang`, () =>
      assert.rejects(resolveInWorkspace(root, path), /symbolic links in a circle/));
  }

  it('has no NUL character', () =>
    assert.rejects(resolveInWorkspace(root, 'a\0b'), /"a\\u0000b" contains a NUL/));

  it('never leaves it, whatever links there are', async () => {
    const part = fc.constantFrom('..', '.', '', 'x', 'y', 'z', 'd', '/', '//', '/etc');
    const path = fc.array(part, { maxLength: 7 }).map((parts) => parts.join('/'));
    const link = fc.tuple(
      fc.constantFrom('x', 'y', 'd/z', 'd/d/x'),
      path.filter((target) => target !== ''),
    );
    await fc.assert(
      fc.asyncProperty(fc.uniqueArray(link, { selector: ([name]) => name }), path, async (made, wanted) => {
        const folder = mkdtempSync(join(root, 'run-'));
        for (const [name, target] of made) {
          mkdirSync(dirname(join(folder, name)), { recursive: true });
          symlinkSync(target, join(folder, name));
        }
        const resolved = await resolveInWorkspace(folder, wanted).catch(() => folder);
        assert.ok(resolved === folder || resolved.startsWith(folder + sep), resolved);
        // What exists is reached without any link that leads out.
        const real = tryRealpath(resolved);
        assert.ok(real === undefined || real === folder || real.startsWith(folder + sep), real);
      }),
      { numRuns: 200 },
    );
  });
});

function tryRealpath(path: string): string | undefined {
  try {
    return realpathSync(path);
  } catch {
    return undefined;
  }
}
