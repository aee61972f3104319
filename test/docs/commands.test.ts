import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { commands } from '../../src/client/cli/commands.ts';
import { globalOptions } from '../../src/client/cli/global-options.ts';
import { argumentsOf, commandLinesOf, type CommandLine } from '../support/command-lines.ts';
import { fencesOf, listPages, spansOf } from '../support/markdown.ts';
import { toolPath } from '../support/tools.ts';

const pages = listPages();
const scripts = (
  JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
    scripts: Record<string, string>;
  }
).scripts;

describe('the commands that the pages show', () => {
  for (const fence of pages.flatMap(fencesOf).filter(({ language }) => language === 'sh')) {
    it(`exist, with their options: ${fence.page}:${fence.line}`, () => {
      for (const words of commandLinesOf(fence.text)) assert.deepEqual(faultsOf(words), [], words.join(' '));
    });
  }

  for (const page of pages) {
    it(`exist in the text of ${page.path}`, () => {
      const spans = spansOf(page).filter((span) => /^(\.\/bin\/)?gantry \w|^(temporal|npm) \w/.test(span));
      const faults = spans.flatMap((span) => commandLinesOf(span).flatMap(faultsOf));
      assert.deepEqual(faults, []);
    });
  }

  const wrong: readonly (readonly [string, number])[] = [
    ['gantry promoet --stage test', 1],
    ['gantry promote --stag test', 1],
    ['./bin/gantry promote --on-failure explode', 1],
    ['cd x && gantry validate a | cat', 0],
    ['ID=$(gantry promote --nowait -o json)', 1],
    ['temporal workflow strat', 1],
    ['temporal workflow start --typ promotion', 1],
    ['npm run no-such-script', 1],
    ['GANTRY_TOOLS=path gantry tools --install # all', 0],
  ];
  for (const [text, count] of wrong) {
    it(`are found out: ${text}`, () => {
      assert.equal(commandLinesOf(text).flatMap(faultsOf).length, count);
    });
  }
});

/** What is wrong with a command; nothing is known of other programs. */
function faultsOf(words: CommandLine): readonly string[] {
  const gantry = argumentsOf(words, 'gantry');
  if (gantry) return gantryFaults(gantry);
  const temporal = argumentsOf(words, 'temporal');
  if (temporal) return temporalFaults(temporal);
  if (words[0] === 'npm' && words[1] === 'run' && !scripts[words[2]!]) return [`no script ${words[2]}`];
  return [];
}

function gantryFaults([name, ...rest]: CommandLine): readonly string[] {
  if (name?.startsWith('-')) return [];
  const command = commands.find((one) => one.name === name);
  if (!command) return [`gantry has no command ${name}`];
  const options = [...globalOptions(), ...(command.options ?? [])];
  return rest.flatMap((word, index) => {
    if (!/^-{1,2}[a-z]/.test(word) || word === '--help') return [];
    const [flag, value = rest[index + 1]] = word.split(/=(.*)/s);
    const option = options.find(({ long, short }) => long === flag || short === flag);
    if (!option) return [`gantry ${name} has no option ${flag}`];
    const { argChoices } = option;
    return argChoices && !argChoices.includes(value!) ? [`${flag} takes no ${value}`] : [];
  });
}

function temporalFaults(words: CommandLine): readonly string[] {
  const end = words.findIndex((word) => word.startsWith('-'));
  const path = end < 0 ? words : words.slice(0, end);
  const help = execFileSync(toolPath('temporal'), [...path, '--help'], { encoding: 'utf8' });
  // An unknown command is answered with the help of what is above it.
  if (!help.includes(`Usage:\n  temporal ${path.join(' ')} [`))
    return [`temporal has no command ${path.join(' ')}`];
  const flags = words.filter((word) => /^-{1,2}[a-z]/.test(word)).map((word) => word.split('=')[0]!);
  return flags.filter((flag) => !new RegExp(`(^|[\\s,])${flag}[\\s,]`, 'm').test(help));
}
