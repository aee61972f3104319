import { parseDuration } from '../core/duration.ts';
import { TerminalError } from '../core/errors.ts';
import { repair } from '../core/expression/format/json.ts';
import { boolean, list, object, optional, string } from '../core/schema/describe.ts';
import type { HttpRequest } from '../providers/http/http.ts';

/** A name and a value, as headers and query parameters are written. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
}

/** Fields of every step that makes a request. */
export const requestFields = {
  url: string('Address, of http or https.', { minLength: 1 }),
  headers: optional(
    list(
      'Headers to add; a name may stand here twice.',
      object({
        name: string('Name of the header.', { minLength: 1 }),
        value: string('Value of the header.', { minLength: 1 }),
      }),
    ),
  ),
  queryParams: optional(
    list(
      'Query parameters to add to those in the URL; encoded as needed, sorted by name.',
      object({
        name: string('Name of the parameter.', { minLength: 1 }),
        value: string('Value of the parameter.', { minLength: 1 }),
      }),
    ),
  ),
  insecureSkipTLSVerify: optional(boolean('Do not check the certificate of the server.', { default: false })),
};

/** What `requestFields` describe, beside its time limit as a duration. */
export interface RequestConfig {
  readonly url: string;
  readonly headers?: readonly NamedValue[];
  readonly queryParams?: readonly NamedValue[];
  readonly insecureSkipTLSVerify?: boolean;
  readonly timeout?: string;
}

/** What pages of steps say that make requests. */
export const aboutAddresses = [
  'Redirects are followed, up to ten requests in all. Headers that say more than what is sent and wanted, so every secret',
  'among them, do not follow to another host. Connections to link-local addresses and to the metadata services of clouds',
  'are refused; so are loopback and private ones by `gantry worker`, unless its setting `http.allow` names them. This holds',
  'for what names resolve to, and for every redirect.',
].join('\n');

/** The request of a config. Throws a TerminalError for an address that cannot be meant, an Error for a foreign scheme. */
export function createRequest(config: RequestConfig, method: string, fallbackTimeout: string): HttpRequest {
  const { url, headers = [], queryParams = [], insecureSkipTLSVerify = false } = config;
  const timeout = parseDuration(config.timeout ?? fallbackTimeout) ?? 0;
  return {
    method,
    url: withQuery(readUrl(url), queryParams),
    headers,
    timeout: timeout > 0 ? Math.min(timeout, longestTimeout) : longestTimeout,
    skipVerify: insecureSkipTLSVerify,
  };
}

/** An address of http or https. Throws a TerminalError naming the field. */
export function readAddress(text: string, field: string): URL {
  if (URL.canParse(text)) return new URL(text);
  throw new TerminalError(`${field} ${show(text)} is no address: write it as in https://host.example/path`, {
    status: 'Errored',
  });
}

function readUrl(text: string): URL {
  const [scheme] = /^[a-z][a-z0-9+.-]*(?=:\/\/)/i.exec(text) ?? [];
  if (scheme && /^https?$/i.test(scheme)) return readAddress(text, 'url');
  throw new Error(
    `url ${show(text)} has ${scheme ? `the scheme ${scheme}` : 'no scheme'}: write http:// or https:// before it`,
  );
}

/** An address as messages may show it: without user and password, query and fragment. */
function show(text: string): string {
  const bare = text.replace(/^([a-z][a-z0-9+.-]*:\/\/)?.*@/is, '$1').replace(/[?#].*$/s, '');
  return JSON.stringify(bare.length > 200 ? `${bare.slice(0, 200)}…` : bare);
}

function withQuery(url: URL, added: readonly NamedValue[]): URL {
  if (added.length === 0) return url;
  const given = [...url.searchParams].map(([name, value]) => ({ name, value }));
  const sorted = [...given, ...added].sort((a, b) => (a.name < b.name ? -1 : a.name > b.name ? 1 : 0));
  url.search = sorted.map(({ name, value }) => `${encode(name)}=${encode(value)}`).join('&');
  return url;
}

function encode(text: string): string {
  return encodeURIComponent(repair(text))
    .replace(/[!'()*]/g, (sign) => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`)
    .replaceAll('%20', '+');
}

/** What timers can hold. */
const longestTimeout = 24 * 60 * 60 * 1000;
