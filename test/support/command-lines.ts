/** A command among those of a script: its words, quotes taken off. */
export type CommandLine = readonly string[];

/**
 * The simple commands of a shell script as documents show them: continued lines, pipes, lists and `$( )` are taken
 * apart; redirections, assignments and here-documents are left out.
 */
export function commandLinesOf(script: string): readonly CommandLine[] {
  const text = script
    .replaceAll(/<<'?(\w+)'?[^\n]*\n[^]*?^\1$/gm, '')
    .replaceAll(/\\\n\s*/g, ' ')
    .replaceAll(/^\s*#.*$/gm, '')
    .replaceAll(/ #\s.*$/gm, '');
  const inner = [...text.matchAll(/\$\(([^()]*)\)/g)].flatMap(([, part]) => commandLinesOf(part!));
  const lines = splitCommands(text.replaceAll(/\$\(([^()]*)\)/g, 'VALUE')).map(wordsOf);
  return [...lines.map(withoutAssignments), ...inner].filter((words) => words.length > 0);
}

/** What follows the name of the program; undefined when it is another program's command. */
export function argumentsOf(words: CommandLine, program: string): CommandLine | undefined {
  const own = words[0] === 'npx' || words[0] === 'exec' ? words.slice(1) : words;
  return own[0] === program || own[0]?.endsWith(`/bin/${program}`) ? own.slice(1) : undefined;
}

function splitCommands(text: string): string[] {
  const parts = text.match(/(?:"[^"]*"|'[^']*'|[^\n;|&"'])+/g);
  return parts ?? [];
}

function wordsOf(command: string): string[] {
  const words = command.match(/(?:"[^"]*"|'[^']*'|[^\s"'])+/g) ?? [];
  return words
    .filter((word) => !/^\d?[<>]/.test(word))
    .map((word) => word.replaceAll(/"([^"]*)"|'([^']*)'/g, '$1$2'));
}

function withoutAssignments(words: readonly string[]): readonly string[] {
  const start = words.findIndex((word) => !/^(export|if|then|do|!)$|^\w+=/.test(word));
  return start < 0 ? [] : words.slice(start);
}
