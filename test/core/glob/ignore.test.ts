import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import * as fc from 'fast-check';
import { parseIgnoreRules } from '../../../src/core/glob/ignore.ts';
import { toolPath } from '../../support/tools.ts';

describe('ignore rules', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-ignore-'));
  const git = toolPath('git');
  const env = {
    PATH: process.env['PATH'],
    HOME: folder,
    GIT_CONFIG_GLOBAL: '/dev/null',
    GIT_CONFIG_SYSTEM: '/dev/null',
  };
  before(() => run(['init', '--quiet']));
  after(() => rmSync(folder, { recursive: true }));

  function run(args: readonly string[], input = ''): string {
    const { stdout, status, stderr } = spawnSync(git, ['-C', folder, ...args], {
      env,
      input,
      encoding: 'utf8',
    });
    assert.ok(status === 0 || status === 1, stderr);
    return stdout;
  }

  const names = ['a', 'b', 'ab', 'a.md', '#c', '!d', ' e', '.x'];
  const paths = names.flatMap((one) => [
    one,
    ...names.slice(0, 4).flatMap((two) => [`${one}/${two}`, `${one}/${two}/a`, `${one}/${two}/b.md`]),
  ]);

  /** Folders are told by what is below them. */
  function ignored(text: string): readonly string[] {
    const ignores = parseIgnoreRules(text);
    return paths.filter((path) => {
      const parts = path.split('/');
      return parts.some((_, index) => ignores(parts.slice(0, index + 1), index < parts.length - 1));
    });
  }

  const part = fc.constantFrom(
    'a',
    'b',
    '*',
    '**',
    'a*',
    '?',
    '[ab]',
    '[!a]',
    '*.md',
    'ab',
    '\\#c',
    '.x',
    'a b',
  );
  const pattern = fc
    .tuple(
      fc.constantFrom('', '!', '/', '!/'),
      fc.array(part, { minLength: 1, maxLength: 3 }),
      fc.constantFrom('', '/', ' ', '\\ ', '\r'),
    )
    .map(([before, parts, after]) => before + parts.join('/') + after);

  it('mean what git means', function () {
    this.timeout(30_000);
    fc.assert(
      fc.property(fc.array(pattern, { minLength: 1, maxLength: 4 }), (patterns) => {
        const text = `${patterns.join('\n')}\n`;
        writeFileSync(join(folder, '.gitignore'), text.replaceAll('\r', ''));
        const found = run(['check-ignore', '--no-index', '--stdin', '-z'], paths.join('\0'));
        assert.deepEqual(ignored(text), found.split('\0').filter(Boolean), JSON.stringify(text));
      }),
      { numRuns: 200 },
    );
  });

  it('that make no sense mean nothing', () => assert.deepEqual(ignored('[a\na\\\n'), []));

  it('leave comments, blank lines and outer blanks out', () => {
    assert.deepEqual(
      ignored('# a\n\n   \nb   \n'),
      paths.filter((path) => path.split('/').includes('b')),
    );
  });
});
