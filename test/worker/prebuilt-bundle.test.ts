import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { codeFolder } from '../../src/worker/hash-sources.ts';
import { findPrebuilt, keepPrebuilt } from '../../src/worker/prebuilt-bundle.ts';

const mark = '//# sourceMappingURL=data:application/json;charset=utf-8;base64,';

describe('the bundle of a package', () => {
  let folder: string;
  const edit = async (name: string, change: (text: string) => string) => {
    const file = join(folder, name);
    await writeFile(file, change(await readFile(file, 'utf8')));
  };

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'gantry-package-'));
    await keepPrebuilt('// the workflows', folder);
  });
  afterEach(() => rm(folder, { recursive: true }));

  it('is used as it came', async () => {
    assert.deepEqual(await findPrebuilt(folder), { code: '// the workflows' });
  });

  for (const [title, spoil] of [
    ['was made for another version of the SDK', () => edit('workflow-bundle.json', bumpSdk)],
    ['was made of other code', () => edit('workflow-bundle.json', otherSources)],
    ['was changed since', () => edit('workflow-bundle.js', (text) => `${text};`)],
    ['is cut off', () => edit('workflow-bundle.js', (text) => text.slice(0, 5))],
    ['is gone', () => rm(join(folder, 'workflow-bundle.js'))],
    ['has no label', () => rm(join(folder, 'workflow-bundle.json'))],
    ['has a label nobody can read', () => writeFile(join(folder, 'workflow-bundle.json'), '{')],
  ] as const) {
    it(`is not used when it ${title}`, async () => {
      await spoil();
      assert.equal(await findPrebuilt(folder), undefined);
    });
  }

  it('tells nothing of where it was made', async () => {
    const sources = [`${codeFolder}core/json.ts`, '/home/me/node_modules/x/y.js', 'webpack/bootstrap'];
    const map = { version: 3, sources, sourcesContent: ['a', 'b', 'c'], mappings: 'AAAA', names: [] };
    await keepPrebuilt(`code\n${mark}${Buffer.from(JSON.stringify(map)).toString('base64')}`, folder);
    const found = await findPrebuilt(folder);
    assert.ok(found && 'code' in found);
    const [text, encoded = ''] = found.code.split(mark);
    assert.equal(text, 'code\n');
    assert.deepEqual(JSON.parse(Buffer.from(encoded, 'base64').toString()), {
      version: 3,
      sources: ['gantry/core/json.ts', 'node_modules/x/y.js', 'webpack/bootstrap'],
      mappings: 'AAAA',
      names: [],
    });
  });
});

function bumpSdk(text: string): string {
  return text.replace(/"sdk": "[^"]+"/, '"sdk": "1.0.0"');
}

function otherSources(text: string): string {
  return text.replace(/"sources": "\w/, '"sources": "x');
}
