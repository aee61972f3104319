import { TerminalError } from '../../core/errors.ts';
import { inferWebHost, webHosts, type WebHost } from '../git/commit-url.ts';
import { displayURL, parseRemoteURL, type GitProtocol, type RemoteURL } from '../git/remote-url.ts';
import { findHostPattern, type HostPattern } from './host-pattern.ts';

/** Where a repository lies; addresses of its web pages and its API are made of this. */
export interface HostPlace {
  readonly kind: WebHost;
  /** As the project writes it, without user name. */
  readonly repoURL: string;
  /** Of web pages: `https://git.acme.example:8443`. HTTP only where repoURL says so. */
  readonly origin: string;
  /** Host of the origin, with its port, in lower case. */
  readonly host: string;
  /** Parts of the path as written, without `.git`. */
  readonly path: readonly string[];
  /** Base of the API where the operator names it; without a slash at its end. */
  readonly apiURL?: string;
}

/** What decides where a repository lies. */
export interface PlaceOptions {
  readonly provider?: WebHost | undefined;
  readonly patterns?: readonly HostPattern[];
  /** Transports that the worker allows. */
  readonly protocols?: readonly GitProtocol[] | undefined;
}

/** Finds out which host has a repository. Throws TerminalError when nothing tells. */
export function findPlace(repoURL: string, { provider, patterns = [], protocols }: PlaceOptions): HostPlace {
  const remote = parseRemoteURL(repoURL, protocols);
  const shown = displayURL(repoURL.trim());
  if (remote.protocol === 'file')
    throw new TerminalError(`${shown} is a folder: no Git host has its pull requests`);
  const pattern = findHostPattern(remote.host, patterns);
  const kind = provider ?? pattern?.provider ?? inferWebHost(remote);
  if (!kind) throw new TerminalError(explainUnknown(remote));
  const { origin, host } = findWeb(remote, pattern?.apiURL);
  const path = remote.path
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')
    .split('/')
    .filter(Boolean);
  if (path.length === 0 || path.some((part) => /^\.{1,2}$|[?#\\]|%2e|%2f/i.test(part)))
    throw new TerminalError(`${shown} names no repository of a Git host`);
  return {
    kind,
    repoURL: shown,
    origin,
    host,
    path,
    ...(pattern?.apiURL !== undefined && { apiURL: pattern.apiURL }),
  };
}

/** Where its web pages are: an address of SSH names no port of theirs, but that of their API may be known. */
function findWeb(remote: RemoteURL, apiURL: string | undefined): Pick<HostPlace, 'origin' | 'host'> {
  const host = webName(remote);
  const api = remote.protocol === 'ssh' && apiURL !== undefined ? new URL(apiURL) : undefined;
  if (api?.hostname === host) return { origin: api.origin, host: api.host };
  return { origin: `${remote.protocol === 'http' ? 'http' : 'https'}://${host}`, host };
}

/** A port of SSH says nothing about the web server; some hosts take SSH under another name, too. */
function webName({ host, protocol }: RemoteURL): string {
  const name = host.toLowerCase();
  if (protocol !== 'ssh') return name.replace(protocol === 'https' ? /:443$/ : /:80$/, '');
  return name.replace(/:\d+$/, '').replace(/^(?:alt)?ssh\.(?=(github\.com|gitlab\.com|bitbucket\.org)$)/, '');
}

function explainUnknown({ host }: RemoteURL): string {
  return (
    `nothing tells which kind of Git host ${host} is: name it in the step (provider: one of ${webHosts.join(', ')}), ` +
    `or let the operator of the worker do so once (git.hosts: ${host}=gitea)`
  );
}
