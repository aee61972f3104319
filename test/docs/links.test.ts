import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { anchorsOf, linksOf, listPages, readPage } from '../support/markdown.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const more = [
  'ARCHITECTURE.md',
  'AGENTS.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  'examples/own-step/README.md',
];

describe('links of documents', () => {
  for (const page of [...listPages(), ...more.map(readPage)]) {
    it(`lead somewhere: ${page.path}`, () => {
      assert.deepEqual(
        linksOf(page).filter((link) => !leadsSomewhere(page.path, link)),
        [],
      );
    });
  }

  it('are all found from the index', () => {
    const linked = linksOf(readPage('docs/README.md')).map((link) => link.split('#')[0]);
    const missing = listPages()
      .map(({ path }) => path.replace('docs/', ''))
      .filter((name) => name !== 'README.md' && !linked.includes(name));
    assert.deepEqual(missing, []);
  });

  const page = { path: 'docs/x.md', text: '# One: a `b`\n\n## Two\n\n## Two\n\n```sh\n# no heading\n```\n' };
  it('find headings as Git hosts name them', () => {
    assert.deepEqual([...anchorsOf(page)], ['one-a-b', 'two', 'two-1']);
  });
});

function leadsSomewhere(page: string, link: string): boolean {
  const [path = '', anchor] = link.split('#');
  const target = path === '' ? page : join(dirname(page), path);
  if (!existsSync(join(root, target))) return false;
  return anchor === undefined || anchorsOf(readPage(target)).has(anchor);
}
