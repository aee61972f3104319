import { readFileSync, writeFileSync } from 'node:fs';
import { listPages } from '../test/support/markdown.ts';
import { renderLiveScreens } from './pages/live-screens.ts';
import { replaceScreens } from './pages/marked-block.ts';
import { renderStillScreens } from './pages/still-screens.ts';

/** `npm run screens` puts what commands print into the pages, where these say `<!-- screen: name -->`. */

const screens = new Map([...(await renderStillScreens()), ...(await renderLiveScreens())]);
for (const { path } of listPages()) {
  const file = new URL(`../${path}`, import.meta.url);
  const before = readFileSync(file, 'utf8');
  const after = replaceScreens(before, screens);
  if (after === before) continue;
  writeFileSync(file, after);
  console.log(path);
}
