import { isObject } from '../core/json.ts';
import { createScrubStream, type ScrubStream } from './scrub/scrub-stream.ts';
import { createSecretFinder, type Span } from './scrub/secret-finder.ts';
import { partsOf } from './scrub/secret-forms.ts';

/** Knows secrets by value and takes them out of whatever leaves. Scrub before cutting: half a secret is not recognised. */
export interface Scrubber {
  /** From now on this value is replaced, in every form it may appear in. Values under 6 characters are ignored. */
  add(secret: string): void;
  /** The text with `***` for every secret. */
  text(text: string): string;
  /** The same plain JSON with every text in it scrubbed, keys included. */
  json<T>(value: T): T;
  /** For text that arrives in pieces, as the output of a process does. */
  stream(): ScrubStream;
}

/** A scrubber; what it learns, `parent` learns too. */
export function createScrubber(parent?: Scrubber): Scrubber {
  const known = new Set<string>();
  const finder = createSecretFinder();
  const scrub = (text: string) => (known.size === 0 ? text : cover(text, finder.find(text)));
  return {
    add(secret) {
      parent?.add(secret);
      for (const part of partsOf(secret)) {
        if (known.has(part)) continue;
        known.add(part);
        finder.add(part);
      }
    },
    text: scrub,
    json: <T>(value: T) => (known.size === 0 ? value : (scrubJson(value, scrub) as T)),
    stream: () =>
      createScrubStream({
        text: scrub,
        spans: (text) => finder.find(text),
        reach: () => longestSpelling * Math.max(0, ...[...known].map(({ length }) => length)),
      }),
  };
}

/** The text with one `***` over spans that touch each other. */
function cover(text: string, spans: readonly Span[]): string {
  if (spans.length === 0) return text;
  let clean = '';
  let end = -1;
  for (const [from, to] of [...spans].sort(([one], [other]) => one - other)) {
    if (from > end) clean += `${text.slice(Math.max(end, 0), from)}***`;
    end = Math.max(end, to);
  }
  return clean + text.slice(end);
}

function scrubJson(value: unknown, scrub: (text: string) => string): unknown {
  if (typeof value === 'string') return scrub(value);
  if (Array.isArray(value)) return value.map((item: unknown) => scrubJson(item, scrub));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [scrub(key), scrubJson(item, scrub)]));
}

/** Characters that one of a secret can become: `%2525C3%2525A9` and its like. */
const longestSpelling = 24;
