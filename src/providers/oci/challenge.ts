/** How a registry wants to be convinced. */
export type Challenge =
  | { readonly scheme: 'basic' }
  | { readonly scheme: 'bearer'; readonly realm: string; readonly service: string | undefined };

/** Reads `WWW-Authenticate`; undefined when it names no way we know. */
export function parseChallenge(header: string | undefined): Challenge | undefined {
  const text = header ?? '';
  const [, bearer] = /(?:^|,)\s*bearer\s+(.*)$/is.exec(text) ?? [];
  if (bearer !== undefined) {
    const realm = parameter(bearer, 'realm');
    if (realm !== undefined) return { scheme: 'bearer', realm, service: parameter(bearer, 'service') };
  }
  return /(?:^|,)\s*basic(?:\s|$)/i.test(text) ? { scheme: 'basic' } : undefined;
}

function parameter(text: string, name: string): string | undefined {
  const [, quoted, plain] =
    new RegExp(`(?:^|[\\s,])${name}=(?:"((?:[^"\\\\]|\\\\.)*)"|([^\\s,"]+))`, 'i').exec(text) ?? [];
  return quoted?.replace(/\\(.)/g, '$1') ?? plain;
}
