import { argument, defineCommand, type CommandDefinition } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { globalOptions } from './global-options.ts';

/** The command that writes completion scripts for the given commands, itself included. */
export function defineCompletion(listCommands: () => readonly CommandDefinition[]): CommandDefinition {
  return defineCommand({
    name: 'completion',
    summary: 'Print a script that completes gantry command lines in a shell',
    description: [
      "bash  echo 'source <(gantry completion bash)' >> ~/.bashrc",
      "zsh   echo 'source <(gantry completion zsh)' >> ~/.zshrc",
      'fish  gantry completion fish > ~/.config/fish/completions/gantry.fish',
    ].join('\n'),
    ignoresSettings: true,
    arguments: [argument('<shell>', 'shell to write it for').choices(['bash', 'zsh', 'fish'])],
    examples: ['gantry completion bash', 'gantry completion fish > ~/.config/fish/completions/gantry.fish'],
    async run({ args, terminal }) {
      const { describeCommands } = await import('./completion/describe.ts');
      const { writers } = await import('./completion/writers.ts');
      const write = writers[args[0] as keyof typeof writers];
      terminal.out.write(write(describeCommands(listCommands(), globalOptions())));
      return exitCodes.succeeded;
    },
  });
}
