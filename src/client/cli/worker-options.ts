import { InvalidInput } from '../errors.ts';
import { option, settingOption } from './command.ts';

/** Options of every command that runs a worker. Folders come out of the settings. */
export interface WorkerOptions {
  readonly capacity?: string;
}

export const workerOptions = [
  settingOption('definitions'),
  settingOption('secrets'),
  settingOption('workspaces'),
  settingOption('tools'),
  option('--capacity <number>', 'promotions whose files are worked on at a time'),
  settingOption('logLevel'),
  settingOption('logFormat'),
];

/** A whole number above zero; undefined when the user leaves it to the worker. */
export function parseCapacity(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidInput(`--capacity ${text}: write a whole number from 1 to 99999`);
}
