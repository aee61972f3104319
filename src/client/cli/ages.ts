import { parseDuration } from '../../core/duration.ts';
import { InvalidInput } from '../errors.ts';

/** How long ago, in one unit that people read at a glance: `12s`, `5m`, `3h`, `9d`. */
export function formatAge(instant: string, now: number): string {
  const seconds = Math.max(0, Math.floor((now - Date.parse(instant)) / 1000));
  if (seconds < 120) return `${seconds}s`;
  if (seconds < 120 * 60) return `${Math.floor(seconds / 60)}m`;
  return seconds < 48 * 3600 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`;
}

/** The instant that `--since` names: a duration back from now (`90m`, `7d`), a day, or RFC 3339; else InvalidInput. */
export function parseSince(text: string, now: number): Date {
  const days = /^(\d{1,5})d$/.exec(text)?.[1];
  const back = days === undefined ? parseDuration(text) : Number(days) * 86_400_000;
  if (back !== undefined) return new Date(now - back);
  const instant = /^\d{4}-\d{2}-\d{2}/.test(text) ? new Date(text) : undefined;
  if (instant && !Number.isNaN(instant.getTime())) return instant;
  throw new InvalidInput(
    `--since ${text}: write a duration such as 90m or 7d, or a time such as 2026-05-01T08:00:00Z`,
  );
}
