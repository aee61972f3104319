import { isObject, type Json } from '../../core/json.ts';
import type { HostAnswer } from './host-request.ts';

/** What a host says of a request it refuses, in one line of at most 500 characters: its own words, else the status. */
export function explainAnswer({ status, body }: HostAnswer): string {
  const said = [...new Set(wordsIn(body))].join('; ').slice(0, 500);
  return said ? `${said} (status ${status})` : `status ${status}`;
}

/** All five hosts say it in some of these fields, as texts, lists or objects. */
function wordsIn(value: Json | undefined, depth = 0): readonly string[] {
  if (typeof value === 'string') return value.trim() ? [value.trim().replace(/\s+/g, ' ')] : [];
  if (depth > 3) return [];
  if (Array.isArray(value))
    return (value as readonly Json[]).slice(0, 5).flatMap((entry) => wordsIn(entry, depth + 1));
  if (!isObject(value)) return [];
  const known = ['message', 'error', 'detail', 'errors', 'error_description'].filter((key) => key in value);
  if (known.length > 0) return known.flatMap((key) => wordsIn(value[key], depth + 1));
  return Object.entries(value).flatMap(([key, entry]) => {
    const said = wordsIn(entry, depth + 1).join(', ');
    return said && key !== 'documentation_url' && key !== 'url' ? [`${key}: ${said}`] : [];
  });
}
