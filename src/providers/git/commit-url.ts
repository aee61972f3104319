import type { RemoteURL } from './remote-url.ts';

export const webHosts = ['azure', 'bitbucket', 'gitea', 'github', 'gitlab'] as const;
export type WebHost = (typeof webHosts)[number];

/** Web address of a commit, by the format of its host; undefined when the host is none of the known ones. */
export function findCommitURL(
  remote: RemoteURL,
  sha: string,
  host = inferWebHost(remote),
): string | undefined {
  if (!host || remote.protocol === 'file') return undefined;
  const scheme = remote.protocol === 'http' ? 'http' : 'https';
  const path = remote.path.replace(/\/$/, '').replace(/\.git$/, '');
  if (host === 'azure') return `https://dev.azure.com${azurePath(remote.host, path)}/commit/${sha}`;
  return `${scheme}://${webName(remote)}${path}/${pathToCommit[host]}/${sha}`;
}

/** The kind of host, as its name tells it. */
export function inferWebHost({ host }: RemoteURL): WebHost | undefined {
  const name = host.toLowerCase().replace(/:\d+$/, '');
  if (name.includes('github') || name.endsWith('.ghe.com')) return 'github';
  if (name.includes('gitlab')) return 'gitlab';
  if (name.includes('gitea')) return 'gitea';
  if (name === 'bitbucket.org') return 'bitbucket';
  return /(^|\.)dev\.azure\.com$|\.visualstudio\.com$/.test(name) ? 'azure' : undefined;
}

const pathToCommit = { github: 'commit', gitea: 'commit', gitlab: '-/commit', bitbucket: 'commits' };

/** A port of SSH says nothing about the web server. */
function webName({ host, protocol }: RemoteURL): string {
  const name = host.toLowerCase();
  return protocol === 'ssh' ? name.replace(/:\d+$/, '') : name;
}

/** Older hosts carry the organisation in their name; SSH paths begin with `v3` and lack `_git`. */
function azurePath(host: string, path: string): string {
  const [, organisation] = /^([\w-]+)\.visualstudio\.com$/i.exec(host) ?? [];
  if (organisation && organisation !== 'vs-ssh') return `/${organisation}${path}`;
  const ssh = /^\/v3\/([^/]+)\/([^/]+)\/([^/]+)$/.exec(path);
  return ssh ? `/${ssh[1]}/${ssh[2]}/_git/${ssh[3]}` : path;
}
