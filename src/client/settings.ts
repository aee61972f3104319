import { join, resolve } from 'node:path';
import { suggest } from '../core/did-you-mean.ts';
import { InvalidInput } from './errors.ts';
import {
  settingKeys,
  settingNames,
  type GitPushPolicy,
  type LogFormat,
  type LogLevel,
  type SettingName,
} from './settings/keys.ts';
import { environmentLayer, fileVariable, flagLayer, type SaidValue } from './settings/layers.ts';
import { readSettingsFile } from './settings/settings-file.ts';

export { type GitPushPolicy, type LogFormat, type LogLevel, type SettingName };

/** What flags say, as the user wrote it; `config` names the settings file. */
export type SettingFlags = Readonly<Partial<Record<SettingName | 'config', string>>>;

/** Effective settings. Folders are absolute; `definitions` may be a Git address. */
export interface Settings {
  readonly data: string;
  readonly definitions?: string;
  readonly secrets?: string;
  /** ES modules with steps of the user's own, with commas between. */
  readonly steps?: string;
  /** File, or `env:NAME`. */
  readonly encryptionKeys?: string;
  readonly workspaces: string;
  /** `auto`, `path`, or the folder that keeps made tools. */
  readonly tools: string;
  readonly gitPushPolicy: GitPushPolicy;
  /** Transports that promotions may use, with commas between. */
  readonly gitProtocols: string;
  /** Kinds of Git hosts, with commas between: `git.acme.example=gitea`. */
  readonly gitHosts?: string;
  /** A number, as written. */
  readonly githubMaxCommits: string;
  readonly githubVerifyUntrusted: 'no' | 'yes';
  /** `name <email>`, as written. */
  readonly gitAuthor: string;
  /** A file. */
  readonly gitSigningKey?: string;
  /** Address of the user interface, for links. */
  readonly uiBaseUrl?: string;
  /** What HTTP steps may reach beside public addresses, with commas between; the command decides when nobody says. */
  readonly httpAllow?: string;
  /** Bytes, as written. */
  readonly ociMaxPushSize: string;
  /** Kinds of steps that need the operator's word, with commas between; the command decides when nobody says. */
  readonly allowStep?: string;
  /** `HOST=[PROJECT/]SECRET/KEY`, with commas between. */
  readonly webhooks?: string;
  readonly serverHost: string;
  /** As written; the command decides when nobody says. */
  readonly serverPort?: string;
  /** As written. */
  readonly serverUrl?: string;
  readonly logLevel: LogLevel;
  readonly logFormat: LogFormat;
  /** Where each value comes from: `--data`, `GANTRY_DATA`, `gantry.yaml:1:7`, `default`. */
  readonly origins: Readonly<Partial<Record<SettingName, string>>>;
}

/** Where a command is run. */
export interface SettingSurroundings {
  readonly env: NodeJS.ProcessEnv;
  readonly cwd: string;
  /** Whether logs go to a terminal. */
  readonly isTerminal?: boolean | undefined;
}

/** Flags, then `GANTRY_*`, then the settings file, then defaults. InvalidInput holds every problem with its place. */
export async function loadSettings(
  flags: SettingFlags,
  { env, cwd, isTerminal }: SettingSurroundings,
): Promise<Settings> {
  const file = await readSettingsFile(flags.config || env[fileVariable] || undefined, cwd);
  const layers = [flagLayer(flags, cwd), environmentLayer(env, cwd), file];
  const problems = layers.flatMap((layer) => layer.problems);
  const values: Partial<Record<SettingName, string>> = {};
  const origins: Partial<Record<SettingName, string>> = {};
  for (const name of settingNames) {
    const said = layers.find((layer) => layer.values[name])?.values[name];
    if (!said) continue;
    problems.push(...checkValue(name, said));
    values[name] = absolute(name, said);
    origins[name] = said.origin;
  }
  if (problems.length > 0) throw new InvalidInput(problems.join('\n'));
  return withDefaults(values, origins, cwd, isTerminal);
}

/** The settings of somebody who says nothing. */
export function defaultSettings({ cwd, isTerminal }: Omit<SettingSurroundings, 'env'>): Settings {
  return withDefaults({}, {}, cwd, isTerminal);
}

/** The modules that hold steps of the user's own. */
export function stepModules({ steps }: Pick<Settings, 'steps'>): readonly string[] {
  return steps === undefined ? [] : splitList(steps);
}

function withDefaults(
  values: Readonly<Partial<Record<SettingName, string>>>,
  said: Settings['origins'],
  cwd: string,
  isTerminal = false,
): Settings {
  const data = values.data ?? resolve(cwd, '.gantry');
  const defaults = {
    data,
    workspaces: join(data, 'workspaces'),
    tools: 'auto',
    gitPushPolicy: 'AlwaysRebase',
    gitProtocols: 'https,http,ssh,file',
    githubMaxCommits: '10',
    githubVerifyUntrusted: 'no',
    gitAuthor: 'Kargo <no-reply@kargo.io>',
    ociMaxPushSize: String(1024 ** 3),
    serverHost: '127.0.0.1',
    logLevel: 'info',
    logFormat: isTerminal ? 'text' : 'json',
  };
  const origins = { ...Object.fromEntries(Object.keys(defaults).map((name) => [name, 'default'])), ...said };
  return { ...defaults, ...values, origins } as Settings;
}

function checkValue(name: SettingName, { text, origin }: SaidValue): string[] {
  const { kind, choices = [] } = settingKeys[name];
  if (kind === 'choice' && !choices.includes(text)) {
    const known = choices.join(', ');
    return [`${origin} is ${JSON.stringify(text)}: choose one of ${known}${suggest(text, choices)}`];
  }
  if (kind === 'tools' && !isToolMode(text) && !text.includes('/')) {
    const remedy = 'write auto, path, or a folder with a / in it, such as ./tools';
    return [`${origin} is ${JSON.stringify(text)}: ${remedy}${suggest(text, ['auto', 'path'])}`];
  }
  return [];
}

function absolute(name: SettingName, { text, folder }: SaidValue): string {
  const { kind } = settingKeys[name];
  if (kind === 'files')
    return splitList(text)
      .map((path) => resolve(folder, path))
      .join();
  const isPath =
    kind === 'folder' ||
    (kind === 'source' && !isAddress(text)) ||
    (kind === 'tools' && !isToolMode(text)) ||
    (kind === 'keys' && !text.startsWith('env:'));
  return isPath ? resolve(folder, text) : text;
}

function splitList(text: string): readonly string[] {
  const parts = text.split(',').map((part) => part.trim());
  return parts.filter((part) => part !== '');
}

function isToolMode(text: string): boolean {
  return text === 'auto' || text === 'path';
}

function isAddress(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(value) || /^[^/]+@[^/]+:/.test(value);
}
