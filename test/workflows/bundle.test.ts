import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { bundleWorkflows } from '../../src/worker/bundle-workflows.ts';

const golden = new URL('modules.txt', import.meta.url);

describe('the workflow bundle', function () {
  this.timeout(60_000);
  let code = '';
  let modules: readonly string[] = [];
  before(async () => {
    const bundle = await bundleWorkflows();
    assert.ok('code' in bundle);
    // The source map is a comment at the end, for people; nobody runs it.
    const [text = '', map = ''] = bundle.code.split(
      '//# sourceMappingURL=data:application/json;charset=utf-8;base64,',
    );
    code = text;
    modules = modulesIn(JSON.parse(Buffer.from(map, 'base64').toString()));
  });

  it('is under 900 KB', () => {
    assert.ok(code.length < 900_000, `${code.length} bytes`);
    assert.ok(code.length > 300_000, 'the measure is wrong');
  });

  it('holds the modules listed in modules.txt, and no others', () => {
    if (process.env['UPDATE_GOLDEN']) writeFileSync(golden, `${modules.join('\n')}\n`);
    assert.deepEqual(
      modules,
      readFileSync(golden, 'utf8').trim().split('\n'),
      'UPDATE_GOLDEN=1 writes the list anew',
    );
  });

  it('shares what the core defines among all workflows', () => {
    assert.match(code, /preloadModules\s*=\s*function[^}]*core\/promotion\/condition/);
  });

  it('gives no workflow a core of its own', () => {
    assert.doesNotMatch(code, /preloadModules = function[^}]*\b0;/, 'a preloaded module was left out');
    const [, own = ''] = /!\*\*\* \.\/src\/workflows\/index\.ts([^]*?)\n\/\*\*\*\/ "/.exec(code) ?? [];
    const [, shared = ''] =
      /!\*\*\* \.\/src\/workflows\/interpreters\.ts([^]*?)\n\/\*\*\*\/ "/.exec(code) ?? [];
    assert.match(shared, /workflows\/run-steps/);
    assert.doesNotMatch(shared, /@temporalio/, 'what is preloaded must not hold the state of a workflow');
    assert.match(own, /workflows\/promotion/);
    assert.doesNotMatch(own, /^;\/\/ \.\/src\/core/m, 'add the module to those that are preloaded');
  });

  it('needs nothing of Node, and no schema library', () => {
    assert.doesNotMatch(code, /require\(["'](node:|fs|path|os|crypto|child_process)/);
    assert.deepEqual(
      modules.filter((name) => /typebox|zod|ajv|core\/(schema|edit|definitions)/.test(name)),
      [],
    );
  });
});

/** Packages, and folders or files of our own: a new function of the language is no news, a new room is. */
function modulesIn({ sources }: { readonly sources: readonly string[] }): string[] {
  return [...new Set(sources.flatMap(shorten))].sort();
}

function shorten(name: string): string[] {
  const packages = [...name.matchAll(/node_modules\/((?:@[^/]+\/)?[^/]+)/g)];
  if (packages.length > 0) return [packages.at(-1)![1]!];
  const [, path] = /\/src\/((?:core|workflows)\/.+)$/.exec(name) ?? [];
  if (path === undefined) return name.includes('/src/') ? [name.slice(name.indexOf('/src/') + 1)] : [];
  return [path.replace(/^(core\/(?:expression|template|freight))\/.*/, '$1')];
}
