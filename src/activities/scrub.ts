import { Buffer } from 'node:buffer';
import { isObject } from '../core/json.ts';

/** Knows secrets by value and takes them out of whatever leaves. Scrub before cutting: half a secret is not recognised. */
export interface Scrubber {
  /** From now on this value is replaced, in every form it may appear in. Values under 6 characters are ignored. */
  add(secret: string): void;
  /** The text with `***` for every secret. */
  text(text: string): string;
  /** The same plain JSON with every text in it scrubbed, keys included. */
  json<T>(value: T): T;
}

/** A scrubber; what it learns, `parent` learns too. */
export function createScrubber(parent?: Scrubber): Scrubber {
  const secrets = new Set<string>();
  let pattern: RegExp | undefined;
  const scrub = (text: string) => {
    if (secrets.size === 0) return text;
    pattern ??= patternOf(secrets);
    return text.replace(pattern, '***');
  };
  return {
    add(secret) {
      parent?.add(secret);
      for (const part of [secret, ...secret.split(/\r?\n/)]) {
        const value = part.trim();
        if (value.length < shortestSecret || secrets.has(value)) continue;
        secrets.add(value);
        pattern = undefined;
      }
    },
    text: scrub,
    json: <T>(value: T) => (secrets.size === 0 ? value : (scrubJson(value, scrub) as T)),
  };
}

function scrubJson(value: unknown, scrub: (text: string) => string): unknown {
  if (typeof value === 'string') return scrub(value);
  if (Array.isArray(value)) return value.map((item: unknown) => scrubJson(item, scrub));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [scrub(key), scrubJson(item, scrub)]));
}

/** One expression for all forms of all secrets, longest first so that no form leaves a rest of another. */
function patternOf(secrets: ReadonlySet<string>): RegExp {
  const forms = new Set([...secrets].flatMap(formsOf));
  const sorted = [...forms]
    .filter((form) => form.length >= shortestSecret)
    .sort((a, b) => b.length - a.length);
  return new RegExp(sorted.map((form) => form.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&')).join('|'), 'g');
}

function formsOf(secret: string): string[] {
  const uri = encodeUri(secret);
  const json = JSON.stringify(secret).slice(1, -1);
  return [
    secret,
    json,
    json.replace(/[<>&]/g, (char) => `\\u00${char.charCodeAt(0).toString(16)}`),
    uri,
    uri.replace(/%20/g, '+'),
    uri.replace(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    encodeURI(wellFormed(secret)),
    ...base64Of(Buffer.from(secret)),
  ];
}

function encodeUri(text: string): string {
  return encodeURIComponent(wellFormed(text)).replace(
    /[!'()*]/g,
    (char) => `%${char.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/** Half a surrogate pair has no URI form. */
function wellFormed(text: string): string {
  return text.replace(/\p{Surrogate}/gu, '\uFFFD');
}

/** Base64 of the value alone, and the part of it that stays the same wherever it stands in a longer text. */
function base64Of(secret: Buffer): string[] {
  const inside = [0, 1, 2].map((offset) => {
    const text = Buffer.concat([Buffer.alloc(offset), secret]).toString('base64');
    return text.slice(Math.ceil((offset * 8) / 6), Math.floor(((offset + secret.length) * 8) / 6));
  });
  const forms = [secret.toString('base64'), ...inside];
  return [...forms, ...forms.map((form) => form.replaceAll('+', '-').replaceAll('/', '_'))];
}

const shortestSecret = 6;
