import { InvalidInput } from '../errors.ts';
import { logFormats, logLevels } from '../settings.ts';
import { option } from './command.ts';

/** Options of every command that runs a worker. Folders come out of the settings. */
export interface WorkerOptions {
  readonly capacity?: string;
}

export const workerOptions = [
  option('--definitions <source>', 'folder or Git address of the definitions (GANTRY_DEFINITIONS)'),
  option('--secrets <dir>', 'folder of Kubernetes Secret manifests (GANTRY_SECRETS)'),
  option(
    '--workspaces <dir>',
    'folder for the files of promotions (default: in the data folder; GANTRY_WORKSPACES)',
  ),
  option('--capacity <number>', 'promotions whose files are worked on at a time'),
  option('--log-level <level>', 'what to log (GANTRY_LOG_LEVEL)').choices(logLevels),
  option('--log-format <format>', 'how to log (default: text on a terminal)').choices(logFormats),
];

/** A whole number above zero; undefined when the user leaves it to the worker. */
export function parseCapacity(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidInput(`--capacity ${text}: write a whole number from 1 to 99999`);
}
