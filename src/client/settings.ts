import { resolve } from 'node:path';
import { InvalidInput } from './errors.ts';

/** What the environment and flags can say about a folder or a mode of work. Absent = not said. */
export interface SettingValues {
  readonly data?: string;
  readonly definitions?: string;
  readonly secrets?: string;
  readonly workspaces?: string;
  readonly logLevel?: LogLevel;
  readonly logFormat?: LogFormat;
  /** How a push takes in what others pushed meanwhile. */
  readonly gitPushPolicy?: GitPushPolicy;
  /** Transports that promotions may use, with commas between. */
  readonly gitProtocols?: string;
}

export const gitPushPolicies = [
  'AlwaysRebase',
  'AlwaysMerge',
  'RebaseOrMerge',
  'RebaseOrFail',
  'None',
] as const;
export type GitPushPolicy = (typeof gitPushPolicies)[number];

export const logLevels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof logLevels)[number];

export const logFormats = ['text', 'json'] as const;
export type LogFormat = (typeof logFormats)[number];

/** Effective settings. Folders are absolute; `definitions` may be a Git address. */
export interface Settings extends SettingValues {
  readonly data: string;
  /** Where each value comes from: `--data`, `GANTRY_DATA`, `default`. */
  readonly origins: Readonly<Partial<Record<keyof SettingValues, string>>>;
}

/** One place that settings come from. */
export interface SettingLayer {
  readonly values: SettingValues;
  /** How users call this value there. */
  origin(key: keyof SettingValues): string;
}

/**
 * Flags, then `GANTRY_*`, then defaults; a settings file belongs between the last two. InvalidInput when a value is none
 * of its choices.
 */
export function getSettings(flags: SettingValues, env: NodeJS.ProcessEnv, cwd: string): Settings {
  return mergeLayers([flagLayer(flags), environmentLayer(env), defaults], cwd);
}

/** The first layer that says something wins, key by key. */
export function mergeLayers(layers: readonly SettingLayer[], cwd: string): Settings {
  const values: Partial<Record<keyof SettingValues, string>> = {};
  const origins: Partial<Record<keyof SettingValues, string>> = {};
  for (const key of settingKeys) {
    const layer = layers.find((candidate) => candidate.values[key]);
    const value = layer?.values[key];
    if (!layer || !value) continue;
    origins[key] = layer.origin(key);
    checkChoice(key, value, origins[key]);
    values[key] = folders.has(key) && !isAddress(value) ? resolve(cwd, value) : value;
  }
  return { ...(values as SettingValues), data: values.data ?? resolve(cwd, '.gantry'), origins };
}

function checkChoice(key: keyof SettingValues, value: string, origin: string): void {
  const allowed = choices[key];
  if (!allowed || allowed.includes(value)) return;
  throw new InvalidInput(`${origin} is ${JSON.stringify(value)}: choose one of ${allowed.join(', ')}`);
}

const choices: Readonly<Partial<Record<keyof SettingValues, readonly string[]>>> = {
  logLevel: logLevels,
  logFormat: logFormats,
  gitPushPolicy: gitPushPolicies,
};

const variables: Readonly<Record<keyof SettingValues, string>> = {
  data: 'GANTRY_DATA',
  definitions: 'GANTRY_DEFINITIONS',
  secrets: 'GANTRY_SECRETS',
  workspaces: 'GANTRY_WORKSPACES',
  logLevel: 'GANTRY_LOG_LEVEL',
  logFormat: 'GANTRY_LOG_FORMAT',
  gitPushPolicy: 'GANTRY_GIT_PUSH_POLICY',
  gitProtocols: 'GANTRY_GIT_PROTOCOLS',
};

const settingKeys = Object.keys(variables) as readonly (keyof SettingValues)[];

const folders: ReadonlySet<keyof SettingValues> = new Set(['data', 'definitions', 'secrets', 'workspaces']);

const defaults: SettingLayer = { values: { data: '.gantry' }, origin: () => 'default' };

function flagLayer(values: SettingValues): SettingLayer {
  return { values, origin: (key) => `--${key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}` };
}

function environmentLayer(env: NodeJS.ProcessEnv): SettingLayer {
  const said = settingKeys.flatMap((key) => {
    const value = env[variables[key]];
    return value ? [[key, value]] : [];
  });
  return { values: Object.fromEntries(said) as SettingValues, origin: (key) => variables[key] };
}

function isAddress(value: string): boolean {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(value) || /^[^/]+@[^/]+:/.test(value);
}
