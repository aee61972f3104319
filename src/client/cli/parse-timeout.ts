import { parseDuration } from '../../core/duration.ts';
import { InvalidInput } from '../errors.ts';

/** Milliseconds of a flag's duration, above zero; InvalidInput names the flag. */
export function parseTimeout(flag: string, text: string): number {
  const ms = parseDuration(text);
  if (ms) return ms;
  throw new InvalidInput(`${flag} ${text}: write a duration such as 90s, 10m or 1h30m`);
}
