import { Argument, Option } from 'commander';
import type { SettingName, Settings } from '../settings.ts';
import { flagOf, settingKeys, variableOf } from '../settings/keys.ts';
import type { Terminal } from './terminal.ts';

/** A command: data that help is printed from, and one function. */
export interface CommandDefinition<Options = object> {
  readonly name: string;
  /** One sentence for the list of commands. */
  readonly summary: string;
  /** Longer text for the command's own help. */
  readonly description?: string;
  readonly hidden?: boolean;
  /** Needs no settings, and works also when they cannot be read; it is given the defaults. */
  readonly ignoresSettings?: boolean;
  /** `--config` is an option of its own here; the settings file is named by GANTRY_CONFIG only. */
  readonly ownsConfig?: boolean;
  readonly arguments?: readonly Argument[];
  readonly options?: readonly Option[];
  /** Command lines as users type them. */
  readonly examples: readonly string[];
  /**
   * Does the work and returns the exit code. Imports what is heavy only when called. Errors for users are
   * InvalidInput and Unreachable.
   */
  run(call: Call<Options>): Promise<number>;
}

/** What a command is called with. */
export interface Call<Options = object> {
  readonly args: readonly string[];
  readonly options: Options;
  readonly output: OutputFormat;
  readonly settings: Settings;
  readonly terminal: Terminal;
}

export type OutputFormat = 'table' | 'json' | 'yaml';

/** Checks the declaration; `run` gets the options as typed. */
export function defineCommand<Options = object>(command: CommandDefinition<Options>): CommandDefinition {
  return command as CommandDefinition;
}

/** An option with flags as commander writes them: `--port <number>`. */
export function option(flags: string, description: string): Option {
  return new Option(flags, description);
}

/** The option of a setting, as the setting declares it. */
export function settingOption(name: SettingName): Option {
  const { summary, value, choices, fallback } = settingKeys[name];
  const more = [...(fallback ? [`default: ${fallback}`] : []), variableOf(name)].join('; ');
  const made = new Option(`${flagOf(name)} <${value}>`, `${summary} (${more})`);
  return choices ? made.choices(choices) : made;
}

/** An argument as commander writes them: `[path...]`. */
export function argument(name: string, description: string): Argument {
  return new Argument(name, description);
}
