import assert from 'node:assert/strict';
import { replaceScreens, screensOf } from '../../scripts/pages/marked-block.ts';
import { renderStillScreens } from '../../scripts/pages/still-screens.ts';
import { listPages } from '../support/markdown.ts';

describe('the screens on the pages', () => {
  const shown = listPages().filter(({ text }) => screensOf(text).length > 0);

  it('are those that the script makes', () => {
    const names = shown.flatMap(({ text }) => screensOf(text)).sort();
    assert.deepEqual(names, ['promotion-over', 'promotion-under-way', 'tools', 'validate']);
  });

  it('are what the commands print', async () => {
    const screens = await renderStillScreens();
    for (const { text } of shown) assert.equal(replaceScreens(text, screens), text, 'run npm run screens');
  });
});
