import { InvalidInput } from '../errors.ts';
import { logFormats, logLevels, type GitPushPolicy, type Settings } from '../settings.ts';
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

/** What the operator says about Git, as a worker takes it. */
export interface GitSettings {
  readonly integration?: GitPushPolicy;
  readonly protocols?: readonly GitProtocol[];
}

/** Undefined when nothing is said. InvalidInput names a transport that does not exist. */
export function gitSettings({ gitPushPolicy, gitProtocols, origins }: Settings): GitSettings | undefined {
  const git = {
    ...(gitPushPolicy && { integration: gitPushPolicy }),
    ...(gitProtocols && { protocols: parseProtocols(gitProtocols, origins.gitProtocols ?? 'gitProtocols') }),
  };
  return Object.keys(git).length > 0 ? git : undefined;
}

const gitProtocolNames = ['https', 'http', 'ssh', 'file'] as const;
type GitProtocol = (typeof gitProtocolNames)[number];

function parseProtocols(text: string, origin: string): readonly GitProtocol[] {
  return text.split(',').map((part) => {
    const found = gitProtocolNames.find((name) => name === part.trim().toLowerCase());
    if (found) return found;
    throw new InvalidInput(
      `${origin} is ${JSON.stringify(text)}: write some of ${gitProtocolNames.join(', ')}, with commas between`,
    );
  });
}
