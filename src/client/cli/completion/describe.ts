import type { Option } from 'commander';
import type { CommandDefinition } from '../command.ts';

/** What can be typed after `gantry`, in the terms of a shell. */
export interface CommandLine {
  readonly globals: readonly Flag[];
  readonly commands: readonly Word[];
}

export interface Word {
  readonly name: string;
  readonly summary: string;
  readonly flags: readonly Flag[];
  /** What its arguments are; undefined when it takes none. */
  readonly operand?: Value;
}

export interface Flag {
  /** `--output`, `-o`; the long one first. */
  readonly names: readonly string[];
  readonly summary: string;
  /** Absent for a switch. */
  readonly value?: Value;
}

/** What a value can be: one of some words, a file, a folder, a promotion, or something nobody can guess. */
export type Value =
  | { readonly kind: 'words'; readonly words: readonly string[] }
  | { readonly kind: 'file' | 'folder' | 'promotion' | 'text' };

/** The command line of visible commands, from their declarations. */
export function describeCommands(
  commands: readonly CommandDefinition[],
  globals: readonly Option[],
): CommandLine {
  const help: Flag = { names: ['--help', '-h'], summary: 'show help' };
  const visible = commands.filter(({ hidden }) => !hidden);
  return {
    globals: [...globals.map(describeOption), help],
    commands: [
      ...visible.map(describeCommand),
      {
        name: 'help',
        summary: 'show help of a command',
        flags: [],
        operand: { kind: 'words', words: visible.map(({ name }) => name) },
      },
    ],
  };
}

function describeCommand({ name, summary, options = [], arguments: operands = [] }: CommandDefinition): Word {
  const [operand] = operands;
  const flags = options.map(describeOption);
  return {
    name,
    summary,
    flags,
    ...(operand && { operand: describeValue(operand.name(), operand.argChoices) }),
  };
}

function describeOption({ long, short, required, optional, flags, argChoices, description }: Option): Flag {
  const names = [long, short].filter((name) => name !== undefined);
  const called = /<([^>]*)>$/.exec(flags)?.[1] ?? '';
  const takesValue = required || optional;
  return { names, summary: description, ...(takesValue && { value: describeValue(called, argChoices) }) };
}

/** By the choices, else by what the value is called: `dir`, `file|name`, `path`. */
function describeValue(called: string, choices: readonly string[] | undefined): Value {
  if (choices) return { kind: 'words', words: choices };
  if (called === 'promotion') return { kind: 'promotion' };
  if (/\b(files?|path|source)\b/.test(called) && !called.includes('dir')) return { kind: 'file' };
  return { kind: called.includes('dir') ? 'folder' : 'text' };
}
