import { readFileSync } from 'node:fs';
import { flagOf, settingKeys, settingNames, variableOf } from '../../src/client/settings/keys.ts';
import { replaceBlock } from '../pages/marked-block.ts';

/** `docs/configuration.md` as it is, with the table of settings made anew from their declarations. */
export function renderConfigurationPage(): string {
  const page = readFileSync(new URL('../../docs/configuration.md', import.meta.url), 'utf8');
  return replaceBlock(page, 'settings', renderSettings());
}

/** A table of all settings, in the order of `gantry config`. The formatter leaves it alone. */
function renderSettings(): string {
  const titles = ['In `gantry.yaml`', 'Flag', 'Variable', 'Value', 'Default', 'Meaning'];
  const rows = settingNames.map((name) => {
    const { key, summary, value, choices, fallback } = settingKeys[name];
    const values = choices ? choices.map(code).join(', ') : code(value);
    return [code(key), code(flagOf(name)), code(variableOf(name)), values, fallback ?? 'none', summary];
  });
  const lines = [titles, titles.map(() => '---'), ...rows].map(
    (cells) => `| ${cells.map(escape).join(' | ')} |`,
  );
  return ['<!-- prettier-ignore-start -->', '', ...lines, '', '<!-- prettier-ignore-end -->'].join('\n');
}

function code(text: string): string {
  return `\`${text}\``;
}

function escape(cell: string): string {
  return cell.replaceAll('|', '\\|');
}
