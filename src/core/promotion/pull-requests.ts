import type { PromotionStatus } from './status.ts';

/**
 * Adds pull requests, by key, whose events are to reach this promotion: the newest 20 stay. Takes whatever somebody sent
 * and leaves alone what is no key. Says whether there is anything new.
 */
export function notePullRequests(status: PromotionStatus, keys: unknown): boolean {
  const known = status.pullRequests ?? [];
  const added = (Array.isArray(keys) ? (keys as unknown[]) : []).filter(isKey);
  const fresh = [...new Set(added)].filter((key) => !known.includes(key));
  if (fresh.length === 0) return false;
  status.pullRequests = [...known, ...fresh].slice(-maximumKeys);
  return true;
}

/** As `pullRequestKey` makes them, and short enough for a search attribute. */
function isKey(key: unknown): key is string {
  return typeof key === 'string' && key.length <= maximumLength && /^[^\s#]+#\d+$/.test(key);
}

const maximumKeys = 20;
const maximumLength = 250;
