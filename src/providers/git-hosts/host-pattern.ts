import { webHosts, type WebHost } from '../git/commit-url.ts';

/** What an operator says about hosts that their name does not tell. */
export interface HostPattern {
  /** A name, with its port where it has one, or all of a domain (`*.acme.example`); in lower case. */
  readonly host: string;
  readonly provider: WebHost;
  /** Base of the API where it is not at its usual place; without a slash at its end. */
  readonly apiURL?: string;
}

/** Reads `git.acme.example=gitea`, or `git.acme.example=gitea@https://git.acme.example/base/api/v1`. Throws an Error that explains. */
export function parseHostPattern(text: string): HostPattern {
  const [, host = '', kind = '', api] = /^([^=@\s]+)=([a-z]+)(?:@(\S+))?$/i.exec(text.trim()) ?? [];
  const provider = webHosts.find((name) => name === kind.toLowerCase());
  const isHost = /^(\*\.)?([a-z0-9_-]+(\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])(:\d+)?$/i.test(host);
  if (!isHost || !provider || (api !== undefined && !isAddress(api))) {
    throw new Error(
      `${JSON.stringify(text)} is no host pattern: write HOST=KIND or HOST=KIND@API-ADDRESS, such as ` +
        `git.acme.example=gitea; KIND is one of ${webHosts.join(', ')}`,
    );
  }
  return {
    host: host.toLowerCase(),
    provider,
    ...(api !== undefined && { apiURL: api.replace(/\/+$/, '') }),
  };
}

/** The first pattern that fits a host, with or without its port. */
export function findHostPattern(host: string, patterns: readonly HostPattern[]): HostPattern | undefined {
  const full = host.toLowerCase();
  const name = full.replace(/:\d+$/, '');
  return patterns.find(({ host: pattern }) =>
    pattern.startsWith('*.')
      ? full.endsWith(pattern.slice(1)) || name.endsWith(pattern.slice(1))
      : full === pattern || name === pattern,
  );
}

/** Hosts that the operator named, as address rules write them: steps may reach them wherever they are. */
export function hostsOf(patterns: readonly HostPattern[]): readonly string[] {
  return patterns.flatMap(({ host, apiURL }) => [
    bare(host.replace(/:\d+$/, '')),
    ...(apiURL === undefined ? [] : [bare(new URL(apiURL).hostname)]),
  ]);
}

function bare(host: string): string {
  return host.replace(/^\[|\]$/g, '');
}

function isAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol) && new URL(text).username === '';
}
