import { TerminalError } from '../../core/errors.ts';

export type GitProtocol = 'https' | 'http' | 'ssh' | 'file';

/** Address of a repository that passed the first wall: safe as an argument, free of secrets. */
export interface RemoteURL {
  /** As git gets it. */
  readonly text: string;
  readonly protocol: GitProtocol;
  /** Host, with the port when one is given; empty for files. */
  readonly host: string;
  /** Path on the host, with its leading slash. */
  readonly path: string;
}

export const gitProtocols: readonly GitProtocol[] = ['https', 'http', 'ssh', 'file'];

/** Reads a repository URL: https, http, ssh, `user@host:path`, file, or an absolute path. Anything else is refused. */
export function parseRemoteURL(repoURL: string, allowed: readonly GitProtocol[] = gitProtocols): RemoteURL {
  const text = repoURL.trim();
  const url = parseWithScheme(text) ?? parseScpStyle(text) ?? parsePath(text);
  const blanks = url?.protocol === 'file' ? /\p{Cc}/u : /[\s\p{Cc}]/u;
  if (!url || blanks.test(text)) throw refused(text, 'is not the address of a Git repository');
  if (url.host.startsWith('-')) throw refused(text, 'has a host that begins with a dash');
  if (!allowed.includes(url.protocol))
    throw refused(text, `uses ${url.protocol}, which this worker does not allow`);
  return url;
}

/** The URL without user name and password, for messages. */
export function displayURL(text: string): string {
  return text.replace(/^(\w+:\/\/)[^/@\s]*@/, '$1');
}

function parseWithScheme(text: string): RemoteURL | undefined {
  const [, scheme, user, host, path] =
    /^(https?|ssh|file):\/\/(?:([^/?#]*)@)?([^/?#@]*)(\/[^]*)?$/i.exec(text) ?? [];
  if (scheme === undefined || host === undefined) return undefined;
  const protocol = scheme.toLowerCase() as GitProtocol;
  if (user?.includes(':')) {
    throw refused(text, 'holds a password: put it into a Secret and leave it out of the URL');
  }
  if (user?.startsWith('-')) throw refused(text, 'has a user that begins with a dash');
  if ((protocol === 'file') !== (host === '') || !path) return undefined;
  return { text: protocol + text.slice(scheme.length), protocol, host, path };
}

function parseScpStyle(text: string): RemoteURL | undefined {
  const [, host, path] = /^(?:(?:[\w.][\w.+-]*)@)?([A-Za-z0-9][\w.-]*):(?!:)([^]+)$/.exec(text) ?? [];
  if (host === undefined || path === undefined || path.startsWith('//') || path.startsWith('-'))
    return undefined;
  return { text, protocol: 'ssh', host, path: path.startsWith('/') ? path : `/${path}` };
}

function parsePath(text: string): RemoteURL | undefined {
  return text.startsWith('/') ? { text, protocol: 'file', host: '', path: text } : undefined;
}

function refused(text: string, reason: string): TerminalError {
  const known = 'use https://, http://, ssh://, user@host:path, file:// or an absolute path';
  return new TerminalError(`repository URL ${JSON.stringify(displayURL(text))} ${reason}; ${known}`);
}
