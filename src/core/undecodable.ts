import { isObject } from './json.ts';

/** What stands for a payload that nobody can read. */
export interface Undecodable {
  /** Why. */
  readonly $undecodable: string;
}

/** Says whether a value stands for one that could not be read. */
export function isUndecodable(value: unknown): value is Undecodable {
  return isObject(value) && typeof value['$undecodable'] === 'string';
}

/** Says whether another key would open it; everything else nobody can read. */
export function isEncrypted({ $undecodable: reason }: Undecodable): boolean {
  return reason.startsWith('it is encrypted');
}
