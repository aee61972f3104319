import { nearest } from '../../core/did-you-mean.ts';
import { flagOf, settingNames, variableOf, type SettingName } from './keys.ts';

/** What one place says about a setting. */
export interface SaidValue {
  readonly text: string;
  /** How users call the place: `--data`, `GANTRY_DATA`, `gantry.yaml:3:7`. */
  readonly origin: string;
  /** Folder that a relative path starts from. */
  readonly folder: string;
}

/** One place that settings come from, with everything that is wrong in it. */
export interface SettingLayer {
  readonly values: Readonly<Partial<Record<SettingName, SaidValue>>>;
  readonly problems: readonly string[];
}

/** What flags say; an empty one says nothing. */
export function flagLayer(flags: Readonly<Partial<Record<SettingName, string>>>, cwd: string): SettingLayer {
  return { values: collect((name) => flags[name], flagOf, cwd), problems: [] };
}

/**
 * What the environment says; an empty variable says nothing. A name that is nearly one of ours is a problem, others are
 * left alone: Kubernetes puts `GANTRY_PORT` and its like there for a Service named so.
 */
export function environmentLayer(env: NodeJS.ProcessEnv, cwd: string): SettingLayer {
  const known = [...settingNames.map(variableOf), fileVariable];
  const problems = Object.keys(env)
    .filter((name) => name.startsWith('GANTRY_') && !known.includes(name) && !kubernetes.test(name))
    .flatMap((name) => explainTypo(name, known) ?? []);
  return { values: collect((name) => env[variableOf(name)], variableOf, cwd), problems };
}

/** What Kubernetes says of a Service whose name begins with ours; some of it looks like a setting. */
const kubernetes = /^GANTRY_(\w+_)?SERVICE_(HOST|PORT)(_\w+)?$/;

/** Names the settings file. */
export const fileVariable = 'GANTRY_CONFIG';

function collect(
  find: (name: SettingName) => string | undefined,
  originOf: (name: SettingName) => string,
  folder: string,
): SettingLayer['values'] {
  const said = settingNames.flatMap((name) => {
    const text = find(name);
    return text ? [[name, { text, origin: originOf(name), folder }] as const] : [];
  });
  return Object.fromEntries(said);
}

/** Without the common beginning, which would make strangers look alike. */
function explainTypo(name: string, known: readonly string[]): string | undefined {
  const ends = known.map((variable) => variable.slice('GANTRY_'.length));
  const meant = nearest(name.slice('GANTRY_'.length), ends);
  return meant && `${name} is no setting, did you mean GANTRY_${meant}?`;
}
