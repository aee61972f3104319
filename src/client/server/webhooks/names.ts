/**
 * What a repository is called by its web address, in lower case; as everywhere its host keeps an unusual port. Nothing when
 * it is no address.
 */
export function namesOfURL(url: unknown): readonly string[] {
  if (typeof url !== 'string' || !URL.canParse(url)) return [];
  const { host, pathname } = new URL(url);
  return unique([`${host}${pathname.replace(/\/+$/, '').replace(/\.git$/, '')}`]);
}

/** The same for a path at the host that a receiver is for. */
export function namesAt(host: string, path: unknown): readonly string[] {
  return typeof path === 'string' && path !== '' ? unique([`${host}/${path}`]) : [];
}

/** Names in lower case, each once. */
export function unique(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.toLowerCase()))];
}
