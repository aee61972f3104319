/**
 * What a repository may be called by its web address, in lower case: hosts disagree on whether their port belongs to
 * them. Nothing when it is no address.
 */
export function namesOfURL(url: unknown): readonly string[] {
  if (typeof url !== 'string' || !URL.canParse(url)) return [];
  const { hostname, host, pathname } = new URL(url);
  const path = pathname.replace(/\/+$/, '').replace(/\.git$/, '');
  return unique([`${host}${path}`, `${hostname}${path}`]);
}

/** The same for a path at the host that a receiver is for, with and without its port. */
export function namesAt(host: string, path: unknown): readonly string[] {
  if (typeof path !== 'string' || path === '') return [];
  return unique([`${host}/${path}`, `${host.replace(/:\d+/, '')}/${path}`]);
}

/** Names in lower case, each once. */
export function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))];
}
