/**
 * Canonical form of a Git repository URL, as Kargo compares them: lower case, no user info in HTTP(S), no trailing slash
 * or `.git`, scp style as `ssh://`. What is no such URL, or has a query or inner blanks, comes back as it is.
 */
export function normalizeGitURL(repoURL: string): string {
  const url = removeBlanks(repoURL);
  if (!url || hasInnerBlanks(repoURL)) return repoURL;
  // Paths of a file system keep their case.
  if (/^file:\/\//i.test(url)) return trimPath(url);
  const lower = url.toLowerCase();
  if (/^(https?|ssh):\/\//.test(lower)) return normalizeWithScheme(lower) ?? repoURL;
  const [, userHost, path] = scpStyle.exec(lower) ?? [];
  if (userHost === undefined) return repoURL;
  const trimmed = trimPath(path ?? '');
  return trimmed ? `ssh://${userHost}/${trimmed}` : `ssh://${userHost}`;
}

/**
 * Canonical form of an image repository: lower case, no tag, no digest, no Docker Hub host and no `library/` of Docker
 * Hub.
 */
export function normalizeImageURL(repoURL: string): string {
  const url = removeBlanks(repoURL).toLowerCase();
  const repository = url.replace(/@sha\d+:[0-9a-f]+$/, '').replace(/:[\w.-]*$/, '');
  const [, host, path] = /^([^/]*[.:][^/]*|localhost)\/(.+)$/.exec(repository) ?? [];
  if (host !== undefined && !dockerHub.has(host)) return repository;
  return (path ?? repository).replace(/^library\//, '');
}

/** Canonical form of a chart repository: that of an image without `oci://`. Classic repositories keep their scheme. */
export function normalizeChartURL(repoURL: string): string {
  return normalizeImageURL(
    removeBlanks(repoURL)
      .toLowerCase()
      .replace(/^oci:\/\//, ''),
  );
}

/**
 * Says whether two Git URLs mean one repository. One without a scheme (`github.com/org/repo`) also matches the HTTPS and
 * SSH forms of the same host and path.
 */
export function isSameRepository(one: string, other: string): boolean {
  if (normalizeGitURL(one) === normalizeGitURL(other)) return true;
  return (hasNoScheme(one) || hasNoScheme(other)) && hostAndPath(one) === hostAndPath(other);
}

const scpStyle = /^((?:[\w-]+@)?[\w-]+(?:\.[\w-]+)*)(?::(.*))?$/;
const dockerHub = new Set(['docker.io', 'index.docker.io', 'registry-1.docker.io']);

function normalizeWithScheme(url: string): string | undefined {
  const [, scheme, authority, rest] = /^(https?|ssh):\/\/([^/?#]*)([^]*)$/.exec(url) ?? [];
  if (rest === undefined || rest.includes('?')) return undefined;
  const host = scheme === 'ssh' ? authority! : authority!.slice(authority!.lastIndexOf('@') + 1);
  return `${scheme}://${host}${trimPath(rest)}`;
}

function trimPath(path: string): string {
  return path.replace(/\/$/, '').replace(/\.git$/, '');
}

function hostAndPath(url: string): string {
  const full = hasNoScheme(url) ? `https://${url.trim()}` : url;
  return normalizeGitURL(full).replace(/^\w+:\/\/(?:[^/@]*@)?/, '');
}

function hasNoScheme(url: string): boolean {
  return /^\s*[\w.-]+(?::\d+)?\//.test(url);
}

function removeBlanks(text: string): string {
  return text.replace(blanks, '');
}

function hasInnerBlanks(text: string): boolean {
  const trimmed = decode(text).replace(outerBlanks, '');
  return removeBlanks(trimmed) !== trimmed;
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** White space and what cannot be printed. */
const blanks = /[\s\p{C}\p{Z}]+/gu;
const outerBlanks = /^[\s\p{C}\p{Z}]+|[\s\p{C}\p{Z}]+$/gu;
