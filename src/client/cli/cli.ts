import { Command, CommanderError, type Option } from 'commander';
import { messageOf } from '../../core/errors.ts';
import { defaultSettings, loadSettings, type SettingFlags } from '../settings.ts';
import type { CommandDefinition, OutputFormat } from './command.ts';
import { commands } from './commands.ts';
import { exitCodes } from './exit-codes.ts';
import { globalOptions } from './global-options.ts';
import type { Terminal } from './terminal.ts';

export { processTerminal } from './terminal.ts';

/** Runs one command line, without the program's own name, and returns the exit code. Throws nothing. */
export async function runCli(argv: readonly string[], terminal: Terminal): Promise<number> {
  const outcome = { exitCode: exitCodes.succeeded as number };
  try {
    await createProgram(terminal, outcome).parseAsync(argv, { from: 'user' });
    return outcome.exitCode;
  } catch (error) {
    if (error instanceof CommanderError)
      return error.exitCode === 0 ? exitCodes.succeeded : exitCodes.invalid;
    terminal.err.write(`${explain(error, terminal.env)}\n`);
    return errorCodes[error instanceof Error ? error.name : ''] ?? exitCodes.failed;
  }
}

const errorCodes: Readonly<Record<string, number>> = {
  InvalidInput: exitCodes.invalid,
  Unreachable: exitCodes.unreachable,
  // Temporal's own: the server is there, but not what was asked for.
  NamespaceNotFoundError: exitCodes.unreachable,
};

function createProgram(terminal: Terminal, outcome: { exitCode: number }): Command {
  const program = new Command('gantry')
    .description('Runs Kargo promotion processes durably on Temporal.')
    .helpOption('-h, --help', 'show help')
    .helpCommand('help [command]', 'show help of a command')
    .configureHelp(helpStyle)
    .configureOutput({
      writeOut: (text) => void terminal.out.write(text),
      writeErr: (text) => void terminal.err.write(text),
    })
    .showHelpAfterError('(--help shows what is possible)')
    .exitOverride();
  for (const option of globalOptions()) program.addOption(option);
  for (const definition of commands) addCommand(program, definition, terminal, outcome);
  return program.addHelpText('after', examplesText(['gantry dev', 'gantry promote --help']));
}

function addCommand(
  program: Command,
  definition: CommandDefinition,
  terminal: Terminal,
  outcome: { exitCode: number },
): void {
  const command = program
    .command(definition.name, { hidden: definition.hidden ?? false })
    .summary(definition.summary)
    .description([`${definition.summary}.`, definition.description].filter(Boolean).join('\n\n'))
    .addHelpText('after', examplesText(definition.examples));
  if (definition.ownsConfig) command.configureHelp({ ...helpStyle, visibleGlobalOptions });
  for (const argument of definition.arguments ?? []) command.addArgument(argument);
  for (const option of definition.options ?? []) command.addOption(option);
  command.action(async () => {
    const options = command.optsWithGlobals<SettingFlags & { output: OutputFormat }>();
    const { config, ...others } = options;
    const flags = config === undefined || definition.ownsConfig ? others : options;
    const { env, cwd, err } = terminal;
    const surroundings = { env, cwd, isTerminal: err.isTTY };
    const settings = definition.ignoresSettings
      ? defaultSettings(surroundings)
      : await loadSettings(flags, surroundings);
    const { args } = command;
    outcome.exitCode = await definition.run({ args, options, output: options.output, settings, terminal });
  });
}

const helpStyle = { showGlobalOptions: true, helpWidth: 110 };

/** Without the settings file, which another option takes the name of. */
function visibleGlobalOptions({ parent }: Command): Option[] {
  return (parent?.options ?? []).filter(({ long }) => long !== '--config');
}

function examplesText(examples: readonly string[]): string {
  return `\nExamples:\n${examples.map((example) => `  $ ${example}`).join('\n')}\n`;
}

/** Errors for users are their message; a bug also shows where, to those who look for it. */
function explain(error: unknown, env: NodeJS.ProcessEnv): string {
  if (env['GANTRY_LOG_LEVEL'] === 'debug' && error instanceof Error) return error.stack ?? error.message;
  return messageOf(error);
}
