import type { Options } from 'got';

/**
 * What must not follow to another host is taken out of a request that is redirected there: all headers but those that say
 * what is sent and wanted, and user and password.
 */
export function stripForeign(options: Options, from: URL): void {
  const to = options.url instanceof URL ? options.url : new URL(options.url ?? '');
  if (isSameHost(from, to)) return;
  for (const name of Object.keys(options.headers)) if (!harmless.has(name)) delete options.headers[name];
  options.username = '';
  options.password = '';
}

const harmless = new Set([
  'accept',
  'accept-encoding',
  'accept-language',
  'content-encoding',
  'content-length',
  'content-type',
  'user-agent',
]);

/** The same host and port; from HTTP up to HTTPS on the usual ports is no other host, down is one. */
function isSameHost(from: URL, to: URL): boolean {
  if (from.hostname !== to.hostname) return false;
  if (from.protocol === to.protocol) return from.port === to.port;
  return from.protocol === 'http:' && from.port === '' && to.port === '';
}
