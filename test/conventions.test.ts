import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { steps } from '../src/activities/steps/index.ts';

const root = fileURLToPath(new URL('..', import.meta.url));
const files = trackedFiles();
const sources = files.filter((file) => /^(src|test|scripts)\/.*\.ts$/.test(file));

/** Longest file, in lines. A longer one is named here with its reason. */
const maximumLines = 250;
const longFiles: Readonly<Record<string, string>> = {};

describe('conventions: steps', () => {
  const kinds = steps.map(({ kind }) => kind);

  it('lists every step file, once, by the name of its kind', () => {
    const named = files.filter((file) => /^src\/activities\/steps\/(?!index)[\w-]+\.ts$/.test(file));
    assert.deepEqual([...kinds].sort(), named.map((file) => basename(file, '.ts')).sort());
  });

  for (const kind of kinds) {
    it(`gives ${kind} a test, a page and an example`, () => {
      assert.ok(files.includes(`test/activities/steps/${kind}.test.ts`), 'no test');
      assert.ok(files.includes(`docs/steps/${kind}.md`), 'no page: run npm run generate');
      assert.ok(steps.find((step) => step.kind === kind)?.examples.length, 'no example');
    });
  }
});

describe('conventions: functions of expressions', () => {
  const declared = files.filter((file) =>
    /^src\/core\/(expression|template)\/(functions|predicates)\/.*\.ts$/.test(file),
  );
  const names = declared.flatMap((file) => /^\s+name: '(\w+)',$/m.exec(text(file))?.[1] ?? []);
  const cases = files
    .filter((file) => /^test\/(cases\/expr.*\.jsonl|core\/(promotion|template)\/.*\.test\.ts)$/.test(file))
    .map(text)
    .join('\n');

  it('has a case of every function', () => {
    assert.ok(names.length > 90, `only ${names.length} functions were found`);
    assert.deepEqual(
      names.filter((name) => !new RegExp(`\\b${name}\\(`).test(cases)),
      [],
    );
  });
});

describe('conventions: files', () => {
  it('names sources in kebab-case', () => {
    const odd = sources.filter((file) => !/^[a-z0-9-]+(\.test)?\.ts$/.test(basename(file)));
    assert.deepEqual(odd, []);
  });

  it(`keeps sources under ${maximumLines} lines, or names them with a reason`, () => {
    const long = sources.filter((file) => file.startsWith('src/') && lines(file) > maximumLines);
    assert.deepEqual(long.sort(), Object.keys(longFiles).sort());
  });

  it('has no room for leftovers', () => {
    const vague = files.filter((file) => /(^|\/)(utils?|helpers?|misc|common|manager)(\/|\.)/.test(file));
    assert.deepEqual(vague, []);
  });

  it('imports the worker only where a process becomes one', () => {
    const importers = sources.filter((file) =>
      [...text(file).matchAll(/['"](\.[./\w-]+\.ts)['"]/g)].some(([, path]) =>
        /^src\/worker(\.ts$|\/)/.test(join(dirname(file), path!)),
      ),
    );
    const allowed =
      /^(src\/index\.ts|src\/client\/cli\/(dev|worker)\.ts|src\/stores\.ts|src\/worker(\.ts|\/.*)|test\/.*|scripts\/.*)$/;
    assert.deepEqual(
      importers.filter((file) => !allowed.test(file)),
      [],
    );
  });

  it('keeps download addresses out of the lock file', () => {
    assert.doesNotMatch(text('package-lock.json'), /"resolved"/);
  });
});

describe('conventions: the project stands alone', () => {
  const forbidden = [
    /(?<![\w.])\/(work|root)\//,
    new RegExp(['\\.\\.', 'shared'].join('/')),
    /\/tmp\/toolbuild/,
    /registry\.npmjs\.org|proxy\.golang\.org/,
  ];
  const readable = files.filter((file) => !/\.(png|gz|tgz)$|^test\/cases\/|\.sum$/.test(file));

  for (const pattern of forbidden) {
    it(`mentions nothing like ${pattern.source}`, () => {
      const found = readable.filter(
        (file) => file !== 'test/conventions.test.ts' && pattern.test(text(file)),
      );
      assert.deepEqual(found, []);
    });
  }
});

describe('conventions: documents', () => {
  const decisions = files.filter((name) => name.startsWith('docs/decisions/'));
  const numberOf = (file: string): number => Number(/^(\d{4})-[a-z0-9-]+\.md$/.exec(basename(file))?.[1]);

  it('gives each decision a number of its own, the one of its title', () => {
    const numbers = decisions.map(numberOf);
    const twice = decisions.filter((_, index) => numbers.indexOf(numbers[index]!) !== index);
    assert.deepEqual(twice, []);
    const odd = decisions.filter((file) => !text(file).startsWith(`# ${numberOf(file)}. `));
    assert.deepEqual(odd, []);
  });

  for (const file of files.filter((name) => name.endsWith('.md'))) {
    it(`resolves every link of ${file}`, () => {
      const links = [...text(file).matchAll(/\]\((?!https?:|#|mailto:)([^)#\s]+)/g)].map(([, link]) => link!);
      const broken = links.filter((link) => !existsSync(join(root, dirname(file), link)));
      assert.deepEqual(broken, []);
    });
  }
});

function trackedFiles(): string[] {
  const list = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard'], {
    cwd: root,
    encoding: 'utf8',
  });
  return list.split('\n').filter((file) => file && existsSync(join(root, file)));
}

function text(file: string): string {
  return readFileSync(join(root, file), 'utf8');
}

function lines(file: string): number {
  return text(file).split('\n').length - 1;
}
