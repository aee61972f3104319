import { TerminalError } from '../../core/errors.ts';
import type { HostPlace } from './host-place.ts';

/** Where a repository of Bitbucket is. */
export interface BitbucketAddress {
  readonly edition: 'cloud' | 'data-center';
  /** The workspace, the key of the project, or `~name` of a user. */
  readonly owner: string;
  readonly slug: string;
  /** Without a slash at its end: `https://api.bitbucket.org/2.0`, `https://host/path/rest`. */
  readonly apiURL: string;
  /** The repository's own web page. */
  readonly webURL: string;
  readonly cloneURL: string;
  /** `<host>/<owner>/<slug>` in lower case: SSH does not know the path of the web server, so the name has none. */
  readonly name: string;
}

/** Reads every spelling of the address. Throws TerminalError when a repository cannot be made of it. */
export function readBitbucketAddress(place: HostPlace): BitbucketAddress {
  const address = place.host === 'bitbucket.org' ? readCloud(place) : readDataCenter(place);
  if (address) return address;
  throw new TerminalError(
    `${place.repoURL} names no repository of Bitbucket: write https://bitbucket.org/WORKSPACE/REPOSITORY.git, ` +
      `or https://${place.host}/scm/PROJECT/REPOSITORY.git of a Data Center`,
  );
}

function readCloud({ path: [owner, slug], apiURL }: HostPlace): BitbucketAddress | undefined {
  if (!owner || !slug) return undefined;
  return {
    edition: 'cloud',
    owner,
    slug,
    apiURL: apiURL ?? 'https://api.bitbucket.org/2.0',
    webURL: `https://bitbucket.org/${owner}/${slug}`,
    cloneURL: `https://bitbucket.org/${owner}/${slug}.git`,
    name: `bitbucket.org/${owner}/${slug}`.toLowerCase(),
  };
}

function readDataCenter({ host, origin, path, apiURL }: HostPlace): BitbucketAddress | undefined {
  const found = findRepository(path);
  if (!found) return undefined;
  const { owner, slug, context } = found;
  const base = apiURL?.replace(/\/rest(\/.*)?$/, '') ?? [origin, ...context].join('/');
  const page = owner.startsWith('~') ? `users/${owner.slice(1)}` : `projects/${owner}`;
  return {
    edition: 'data-center',
    owner,
    slug,
    apiURL: `${base}/rest`,
    webURL: `${base}/${page}/repos/${slug}`,
    cloneURL: `${base}/scm/${owner}/${slug}.git`,
    name: `${host}/${owner}/${slug}`.toLowerCase(),
  };
}

interface Found {
  readonly context: readonly string[];
  readonly owner: string;
  readonly slug: string;
}

/** `[context/]scm/KEY/slug`, `[context/](projects|users)/KEY/repos/slug`, and `KEY/slug` of SSH. */
function findRepository(parts: readonly string[]): Found | undefined {
  const page = parts.findIndex((part, at) => /^(projects|users)$/.test(part) && parts[at + 2] === 'repos');
  if (page >= 0) {
    const [kind, key = '', , slug] = parts.slice(page);
    const owner = kind === 'users' && !key.startsWith('~') ? `~${key}` : key;
    return complete(parts.slice(0, page), owner, slug);
  }
  const [start, owner, slug] = [parts.length - 3, parts.at(-2), parts.at(-1)];
  if (parts[start] === 'scm') return complete(parts.slice(0, start), owner, slug);
  return parts.length === 2 ? complete([], owner, slug) : undefined;
}

function complete(
  context: readonly string[],
  owner: string | undefined,
  slug: string | undefined,
): Found | undefined {
  return owner && slug ? { context, owner, slug } : undefined;
}
