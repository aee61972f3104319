import { unreachable } from '../../unreachable.ts';
import type { CommandLine, Flag, Value } from './describe.ts';

/** For bash from 3.2 on, the one of macOS. */
export function writeBash({ globals, commands }: CommandLine): string {
  const valued = globals.filter(({ value }) => value).flatMap(({ names }) => names);
  const names = commands.map(({ name }) => name);
  return `# bash completion of gantry
_gantry() {
  local cur=\${COMP_WORDS[COMP_CWORD]} prev= command= i
  [ "$COMP_CWORD" -gt 0 ] && prev=\${COMP_WORDS[COMP_CWORD-1]}
  # bash splits --flag=value at the sign.
  if [ "$cur" = = ]; then cur=; elif [ "$prev" = = ]; then prev=\${COMP_WORDS[COMP_CWORD-2]}; fi
  for ((i = 1; i < COMP_CWORD; i++)); do
    case \${COMP_WORDS[i]} in
      ${valued.join('|')}) ((i++)) ;;
      ${names.join('|')}) command=\${COMP_WORDS[i]}; break ;;
    esac
  done
  COMPREPLY=()
  case "$command $prev" in
${valueCases(globals, '*')}${commands.map(({ name, flags }) => valueCases(flags, name)).join('')}  esac
  case "$command" in
    '') _gantry_words '${[...names, ...flagNames(globals)].join(' ')}' ;;
${commands.map(({ name, flags, operand }) => `    ${name}) ${operandCase([...flags, ...globals], operand)} ;;\n`).join('')}  esac
}
_gantry_words() { COMPREPLY=($(compgen -W "$1" -- "$cur")); }
_gantry_promotions() {
  local i where=()
  for ((i = 1; i < COMP_CWORD; i++)); do
    [ "\${COMP_WORDS[i]}" = --data ] && where=(--data "\${COMP_WORDS[i+1]}")
  done
  local IFS=$'\\n'
  COMPREPLY=($(gantry complete promotions "\${where[@]}" -- "$cur" 2>/dev/null))
}
_gantry_files() { local IFS=$'\\n'; compopt -o filenames 2>/dev/null; COMPREPLY=($(compgen "$1" -- "$cur")); }
complete -F _gantry gantry
`;
}

function valueCases(flags: readonly Flag[], command: string): string {
  return flags
    .flatMap(({ names, value }) => (value ? [{ names, value }] : []))
    .map(({ names, value }) => {
      const patterns = names.map((name) => `${command}' ${name}'`).join('|');
      return `    ${patterns}) ${complete(value)}; return ;;\n`;
    })
    .join('');
}

function operandCase(flags: readonly Flag[], operand: Value | undefined): string {
  const words = `_gantry_words '${flagNames(flags).join(' ')}'`;
  if (!operand || operand.kind === 'text') return words;
  return `case $cur in -*) ${words} ;; *) ${complete(operand)} ;; esac`;
}

function complete(value: Value): string {
  switch (value.kind) {
    case 'words':
      return `_gantry_words '${value.words.join(' ')}'`;
    case 'file':
      return '_gantry_files -f';
    case 'folder':
      return '_gantry_files -d';
    case 'promotion':
      return '_gantry_promotions';
    case 'text':
      return ':';
    default:
      return unreachable(value);
  }
}

/** Long names only: nobody completes a letter. */
function flagNames(flags: readonly Flag[]): readonly string[] {
  return flags.map(({ names }) => names[0]!);
}
