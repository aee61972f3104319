import type { Option } from 'commander';
import { option, settingOption, type OutputFormat } from './command.ts';

/** The options of every command; new ones at each call, since a parser writes into them. */
export function globalOptions(): readonly Option[] {
  return [
    option('-o, --output <format>', 'how to print results').choices(formats).default('table'),
    option('--config <file>', 'settings file (default: gantry.yaml in this folder; GANTRY_CONFIG)'),
    settingOption('data'),
    settingOption('encryptionKeys'),
  ];
}

const formats: readonly OutputFormat[] = ['table', 'json', 'yaml'];
