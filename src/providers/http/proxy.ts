import { BlockList, isIP } from 'node:net';

/** A proxy, and who asked for it: what a user names is held to the rules for addresses, the operator's is not. */
export interface Proxy {
  readonly url: URL;
  readonly isUsers: boolean;
}

type Environment = Readonly<Record<string, string>>;

/** The proxy that `HTTP_PROXY`, `HTTPS_PROXY` and `NO_PROXY` name for an address, read as curl and Go do. */
export function proxyFromEnvironment(env: Environment, url: URL): Proxy | undefined {
  const name = url.protocol === 'https:' ? 'https_proxy' : 'http_proxy';
  const text = find(env, name);
  if (!text || isExcluded(url, find(env, 'no_proxy') ?? '')) return undefined;
  const address = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `http://${text}`;
  if (!URL.canParse(address) || !/^https?:/i.test(address))
    throw new Error(`${name.toUpperCase()} of the worker is no address of an HTTP proxy`);
  return { url: new URL(address), isUsers: false };
}

function find(env: Environment, name: string): string | undefined {
  return env[name] || env[name.toUpperCase()] || undefined;
}

function isExcluded(url: URL, list: string): boolean {
  const host = url.hostname.replace(/^\[|\]$/g, '').toLowerCase();
  if (host === 'localhost' || host === '::1' || host.startsWith('127.')) return true;
  const port = url.port || (url.protocol === 'https:' ? '443' : '80');
  return list
    .split(',')
    .map((entry) => entry.trim().toLowerCase())
    .filter(Boolean)
    .some((entry) => entry === '*' || covers(entry, host, port));
}

function covers(entry: string, host: string, port: string): boolean {
  const [, network, size] = /^([^/]+)\/(\d+)$/.exec(entry) ?? [];
  if (network) return isInNetwork(host, network, Number(size));
  const [, name = entry, only] = /^(.*?):(\d+)$/.exec(entry) ?? [];
  if (only !== undefined && isIP(entry) === 0 && only !== port) return false;
  const domain = (isIP(entry) ? entry : name).replace(/^\*?\./, '');
  return host === domain || host.endsWith(`.${domain}`);
}

function isInNetwork(host: string, network: string, size: number): boolean {
  const version = isIP(network);
  if (version === 0 || isIP(host) !== version || size > (version === 6 ? 128 : 32)) return false;
  const list = new BlockList();
  const type = version === 6 ? 'ipv6' : 'ipv4';
  list.addSubnet(network, size, type);
  return list.check(host, type);
}
