import { unreachable } from '../../unreachable.ts';
import type { CommandLine, Flag, Value } from './describe.ts';

/** For fish: to be kept as `gantry.fish` in its folder of completions. */
export function writeFish({ globals, commands }: CommandLine): string {
  const lines = [
    '# fish completion of gantry',
    'complete -c gantry -f',
    ...globals.map((flag) => flagLine(flag, '')),
    ...commands.map(
      ({ name, summary }) => `complete -c gantry -n __fish_use_subcommand -a ${name} -d ${quote(summary)}`,
    ),
    ...commands.flatMap(({ name, flags, operand }) => {
      const condition = ` -n '__fish_seen_subcommand_from ${name}'`;
      return [
        ...flags.map((flag) => flagLine(flag, condition)),
        ...(operand && operand.kind !== 'text'
          ? [`complete -c gantry${condition}${candidates(operand)}`]
          : []),
      ];
    }),
  ];
  return `${lines.join('\n')}\n`;
}

function flagLine({ names, summary, value }: Flag, condition: string): string {
  const spelled = names.map((name) =>
    name.startsWith('--') ? `-l ${name.slice(2)}` : `-s ${name.slice(1)}`,
  );
  const needs = value ? ` -r${candidates(value)}` : '';
  return `complete -c gantry${condition} ${spelled.join(' ')}${needs} -d ${quote(summary)}`;
}

function candidates(value: Value): string {
  switch (value.kind) {
    case 'words':
      return ` -f -a ${quote(value.words.join(' '))}`;
    case 'file':
      return ' -F';
    case 'folder':
      return " -f -a '(__fish_complete_directories)'";
    case 'promotion':
      return " -f -a '(gantry complete promotions -- (commandline -ct) 2>/dev/null)'";
    case 'text':
      return ' -f';
    default:
      return unreachable(value);
  }
}

function quote(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}
