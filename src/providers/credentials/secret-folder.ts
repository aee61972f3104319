import {
  isSameRepository,
  normalizeChartURL,
  normalizeGitURL,
  normalizeImageURL,
} from '../../core/freight/urls.ts';
import type { ResourceFolder } from '../resources/resource-folder.ts';
import { credentialLabel, sharedNamespace, type Resource, type Warn } from '../resources/resource.ts';
import type { CredentialQuery, Credentials, CredentialSource } from './credentials.ts';

/**
 * Credentials from Secrets with Kargo's label `kargo.akuity.io/cred-type`. Their namespace is the project; those of the
 * shared namespace come after a project's own. A Secret that names the repository goes before one with a regular
 * expression.
 */
export function createSecretFolder(
  folder: Pick<ResourceFolder, 'read'>,
  warn: Warn = () => undefined,
): CredentialSource {
  // Made anew only when a file has changed.
  const known = new WeakMap<Resource, Entry | 'none'>();
  const entryOf = (resource: Resource): readonly Entry[] => {
    const entry = known.get(resource) ?? readEntry(resource, warn) ?? 'none';
    known.set(resource, entry);
    return entry === 'none' ? [] : [entry];
  };
  return {
    async find(query) {
      const resources = await folder.read();
      const entries = resources.filter(({ kind }) => kind === 'Secret').flatMap(entryOf);
      return choose(entries, query.project, query) ?? choose(entries, sharedNamespace, query);
    },
  };
}

interface Entry {
  readonly project: string;
  readonly type: string;
  /** As written. */
  readonly repoURL: string;
  readonly pattern?: RegExp;
  readonly credentials: Credentials;
}

function readEntry({ file, name, namespace, labels, texts }: Resource, warn: Warn): Entry | undefined {
  const type = labels[credentialLabel];
  // Generic ones are for expressions.
  if (type === undefined || type === 'generic') return undefined;
  const { repoURL, repoURLIsRegex, username, password, sshPrivateKey } = texts;
  const called = `${file}: Secret ${JSON.stringify(name)}`;
  if (!repoURL) {
    warn(`${called} has no repoURL`);
    return undefined;
  }
  const entry = {
    project: namespace,
    type,
    repoURL: repoURL.trim(),
    credentials: {
      ...(username && { username }),
      ...(password && { password }),
      ...(sshPrivateKey && { sshPrivateKey }),
      ...readApp(texts),
    },
  };
  if (repoURLIsRegex?.trim() !== 'true') return entry;
  try {
    return { ...entry, pattern: new RegExp(repoURL.trim()) };
  } catch {
    warn(`${called}: repoURL is no valid regular expression`);
    return undefined;
  }
}

/** Kargo's names; the key may be encoded once more. */
function readApp(texts: Resource['texts']): Pick<Credentials, 'githubApp'> {
  const id = texts['githubAppClientID'] || texts['githubAppID'];
  const { githubAppInstallationID: installation, githubAppPrivateKey: key } = texts;
  if (!id || !installation || !key) return {};
  const privateKey = /-----BEGIN/.test(key) ? key : Buffer.from(key, 'base64').toString();
  return { githubApp: { id: id.trim(), installation: installation.trim(), privateKey } };
}

function hasToken({ password, githubApp }: Credentials): boolean {
  return Boolean(password) || githubApp !== undefined;
}

function choose(
  entries: readonly Entry[],
  namespace: string,
  { type, repoURL, needs }: CredentialQuery,
): Credentials | undefined {
  const own = entries.filter(
    (entry) => entry.project === namespace && entry.type === type && (!needs || hasToken(entry.credentials)),
  );
  const isSame = (entry: Entry) => !entry.pattern && isSamePlace(type, entry.repoURL, repoURL);
  const url = normalize(type, repoURL);
  const fits = ({ pattern }: Entry) => pattern !== undefined && (pattern.test(repoURL) || pattern.test(url));
  return (own.find(isSame) ?? own.find(fits))?.credentials;
}

/** Registries are compared as Kargo does, everything else like Git repositories. */
function isSamePlace(type: CredentialQuery['type'], one: string, other: string): boolean {
  if (type !== 'image' && !(isOci(one) && isOci(other))) return isSameRepository(one, other);
  return normalize(type, one) === normalize(type, other);
}

function normalize(type: CredentialQuery['type'], url: string): string {
  if (type === 'image') return normalizeImageURL(url);
  return type === 'helm' && isOci(url) ? normalizeChartURL(url) : normalizeGitURL(url);
}

function isOci(url: string): boolean {
  return /^\s*oci:\/\//i.test(url);
}
