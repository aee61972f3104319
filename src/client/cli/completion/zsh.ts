import { unreachable } from '../../unreachable.ts';
import type { CommandLine, Flag, Value, Word } from './describe.ts';

/** For zsh: to be sourced, or kept as `_gantry` in a folder of `fpath`. */
export function writeZsh({ globals, commands }: CommandLine): string {
  const known = commands.map(({ name, summary }) => `    ${quote(`${name}:${summary}`)}\n`).join('');
  const cases = commands.map((command) => commandCase(command, globals)).join('');
  return `#compdef gantry
_gantry() {
  local state line
  typeset -A opt_args
  local -a commands=(
${known}  )
  _arguments -C -s \\
${globals.map(argumentOf).join('')}    '1:command:->command' \\
    '*::argument:->argument'
  case $state in
    command) _describe command commands ;;
    argument)
      case $words[1] in
${cases}      esac ;;
  esac
}
_gantry_promotions() {
  local -a found where
  (( $+opt_args[--data] )) && where=(--data $opt_args[--data])
  found=(\${(f)"$(gantry complete promotions $where -- "$PREFIX" 2>/dev/null)"})
  (( $#found )) && compadd -a found
}
if [ "$funcstack[1]" = _gantry ]; then _gantry "$@"; else compdef _gantry gantry; fi
`;
}

function commandCase({ name, flags, operand }: Word, globals: readonly Flag[]): string {
  const last = operand ? `    ${quote(`*:${actionOf(operand)}`)}\n` : "    '*: :'\n";
  const lines = [...flags, ...globals].map(argumentOf).join('') + last;
  return `        ${name}) _arguments -s \\\n${lines.replaceAll(/^/gm, '      ').trimEnd()} ;;\n`;
}

/** `'(-o --output)'{-o,--output}'[how to print results]:format:(table json yaml)'` */
function argumentOf({ names, summary, value }: Flag): string {
  const text = summary.replaceAll(/[[\]\\:]/g, '\\$&');
  const rest = `[${text}]${value ? `:${actionOf(value)}` : ''}`;
  const [first = '', ...others] = names;
  if (others.length === 0) return `    ${quote(`${first}${rest}`)} \\\n`;
  return `    '(${names.join(' ')})'{${names.join(',')}}${quote(rest)} \\\n`;
}

function actionOf(value: Value): string {
  switch (value.kind) {
    case 'words':
      return `value:(${value.words.join(' ')})`;
    case 'file':
      return 'file:_files';
    case 'folder':
      return 'folder:_files -/';
    case 'promotion':
      return 'promotion:_gantry_promotions';
    case 'text':
      return 'value: ';
    default:
      return unreachable(value);
  }
}

function quote(text: string): string {
  return `'${text.replaceAll("'", String.raw`'\''`)}'`;
}
