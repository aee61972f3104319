import assert from 'node:assert/strict';
import { readFileSync, writeFileSync } from 'node:fs';
import { bundlePromotion } from '../support/promotion-rig.ts';

const golden = new URL('modules.txt', import.meta.url);

describe('the workflow bundle', function () {
  this.timeout(30_000);
  let code = '';
  before(async () => {
    // The source map is a comment of one line at the end, for people; nobody runs it.
    code = (await bundlePromotion()).code.replace(/^\/\/# sourceMappingURL=.*$/m, '');
  });

  it('is under 900 KB', () => {
    assert.ok(code.length < 900_000, `${code.length} bytes`);
    assert.ok(code.length > 300_000, 'the measure is wrong');
  });

  it('holds the modules listed in modules.txt, and no others', () => {
    const modules = modulesIn(code);
    if (process.env['UPDATE_GOLDEN']) writeFileSync(golden, `${modules.join('\n')}\n`);
    assert.deepEqual(
      modules,
      readFileSync(golden, 'utf8').trim().split('\n'),
      'UPDATE_GOLDEN=1 writes the list anew',
    );
  });

  it('needs nothing of Node', () => {
    const builtins = modulesIn(code).filter((name) =>
      /^(node:|external )|^(fs|path|crypto|os|child_process)$/.test(name),
    );
    assert.deepEqual(builtins, []);
  });
});

/** Our own modules one by one, packages by name. */
function modulesIn(code: string): string[] {
  const names = [...code.matchAll(/^\/\*{3}\/ "([^"]+)":$/gm)].map(([, name]) => name!);
  return [...new Set(names.map(shorten))].sort();
}

function shorten(name: string): string {
  const inPackage = /node_modules\/((?:@[^/]+\/)?[^/]+)/g;
  const last = [...name.matchAll(inPackage)].at(-1);
  return last ? last[1]! : name.replace(/\?.*$/, '');
}
