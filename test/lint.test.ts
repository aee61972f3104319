import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));

/** A linter that finds nothing proves nothing: each fault is planted in a copy of the configuration. */
const faults: readonly { file: string; text: string; rule: string }[] = [
  {
    file: 'src/core/reads.ts',
    text: `export { readFileSync } from 'node:fs';`,
    rule: 'no-restricted-imports',
  },
  {
    file: 'src/core/knows.ts',
    text: `export { x } from '../activities/x.ts';`,
    rule: 'no-restricted-imports',
  },
  { file: 'src/core/clock.ts', text: `export const t = performance.now();`, rule: 'no-restricted-globals' },
  {
    file: 'src/workflows/acts.ts',
    text: `export { x } from '../activities/x.ts';`,
    rule: 'no-restricted-imports',
  },
  { file: 'src/workflows/io.ts', text: `export { got } from 'got';`, rule: 'no-restricted-imports' },
  {
    file: 'src/workflows/schema.ts',
    text: `export { x } from '../core/schema/x.ts';`,
    rule: 'no-restricted-imports',
  },
  {
    file: 'src/providers/t.ts',
    text: `export { log } from '@temporalio/activity';`,
    rule: 'no-restricted-imports',
  },
  { file: 'src/activities/c.ts', text: `export { x } from '../client/x.ts';`, rule: 'no-restricted-imports' },
  { file: 'src/tools/p.ts', text: `export { x } from '../providers/x.ts';`, rule: 'no-restricted-imports' },
  { file: 'src/client/a.ts', text: `export { x } from '../activities/x.ts';`, rule: 'no-restricted-imports' },
  {
    file: 'src/cycle-a.ts',
    text: `import { b } from './cycle-b.ts';\nexport const a = () => b;`,
    rule: 'no-cycle',
  },
  {
    file: 'src/cycle-b.ts',
    text: `import { a } from './cycle-a.ts';\nexport const b = () => a;`,
    rule: 'no-cycle',
  },
  {
    file: 'src/floating.ts',
    text: `async function f(): Promise<void> {}\nexport function g(): void {\n  f();\n}`,
    rule: 'no-floating-promises',
  },
  {
    file: 'src/misused.ts',
    text: `async function f(): Promise<boolean> {\n  return true;\n}\nexport const g = f() ? 1 : 2;`,
    rule: 'no-misused-promises',
  },
  { file: 'src/any.ts', text: `export const a = (x: any): unknown => x;`, rule: 'no-explicit-any' },
  { file: 'src/default.ts', text: `export default 1;`, rule: 'no-default-export' },
  { file: 'src/code.ts', text: `export const f = (s: string): unknown => eval(s);`, rule: 'no-eval' },
];

describe('the linter', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-lint-'));
  let found: readonly { filename: string; code: string }[] = [];

  before(() => {
    for (const name of ['.oxlintrc.json', '.gitignore', 'tsconfig.json'])
      cpSync(join(root, name), join(folder, name));
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    for (const { file, text } of faults) {
      mkdirSync(dirname(join(folder, file)), { recursive: true });
      writeFileSync(join(folder, file), `${text}\n`);
    }
    found = lint(folder);
  });
  after(() => rmSync(folder, { recursive: true }));

  for (const { file, rule } of faults) {
    it(`finds ${rule} in ${file}`, () => {
      const codes = found.filter(({ filename }) => filename.endsWith(file)).map(({ code }) => code);
      assert.ok(
        codes.some((code) => code.includes(rule)),
        `found only: ${codes.join(', ') || 'nothing'}`,
      );
    });
  }
});

function lint(folder: string): { filename: string; code: string }[] {
  const oxlint = join(root, 'node_modules/.bin/oxlint');
  try {
    execFileSync(oxlint, ['--type-aware', '--format', 'json'], { cwd: folder, encoding: 'utf8' });
  } catch (error) {
    const { stdout } = error as { stdout: string };
    return (JSON.parse(stdout) as { diagnostics: { filename: string; code: string }[] }).diagnostics;
  }
  throw new Error('oxlint found nothing at all');
}
