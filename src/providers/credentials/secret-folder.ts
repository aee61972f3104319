import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { isSameRepository, normalizeGitURL } from '../../core/freight/urls.ts';
import { isObject, type JsonObject } from '../../core/json.ts';
import type { CredentialQuery, Credentials, CredentialSource } from './credentials.ts';

/** Tells the operator about a manifest that cannot be used; never with a value in it. */
export type Warn = (message: string) => void;

/**
 * Credentials from a folder of Kubernetes `Secret` manifests with Kargo's label `kargo.akuity.io/cred-type`. Their
 * namespace is the project; one without a namespace belongs to nobody. A manifest that names the repository goes
 * before one with a regular expression. Files are read again when they change.
 */
export function createSecretFolder(folder: string, warn: Warn = () => undefined): CredentialSource {
  const files = new Map<string, ReadFile>();
  return {
    async find(query) {
      await refresh(folder, files, warn);
      return choose(
        [...files.values()].flatMap(({ entries }) => entries),
        query,
      );
    },
  };
}

interface ReadFile {
  /** What the file looked like when it was read. */
  readonly state: string;
  readonly entries: readonly Entry[];
}

interface Entry {
  readonly project: string;
  readonly type: string;
  /** As written. */
  readonly repoURL: string;
  readonly pattern?: RegExp;
  readonly credentials: Credentials;
}

const label = 'kargo.akuity.io/cred-type';

async function refresh(folder: string, files: Map<string, ReadFile>, warn: Warn): Promise<void> {
  const names = (await listFiles(folder)).filter((name) => /\.(ya?ml|json)$/i.test(name)).sort();
  for (const known of files.keys()) if (!names.includes(known)) files.delete(known);
  const read = await Promise.all(names.map((name) => readSecrets(folder, name, files.get(name), warn)));
  files.clear();
  for (const [index, file] of read.entries()) if (file) files.set(names[index]!, file);
}

async function listFiles(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`the folder of Secrets ${folder} cannot be read (${code})`, { cause: error });
  }
}

async function readSecrets(
  folder: string,
  name: string,
  known: ReadFile | undefined,
  warn: Warn,
): Promise<ReadFile | undefined> {
  try {
    const path = join(folder, name);
    const { mtimeMs, size, ino } = await stat(path);
    const state = `${mtimeMs} ${size} ${ino}`;
    if (known?.state === state) return known;
    const documents = parseAllDocuments(await readFile(path, 'utf8'));
    const entries = [...documents].flatMap((document, index) => {
      // The parser quotes the text it stumbles over, which may be the secret itself.
      if (document.errors.length > 0)
        warn(`${name}: document ${index + 1} is not valid YAML and is left out`);
      return document.errors.length > 0
        ? []
        : readManifest(document.toJS({ maxAliasCount: 100 }), name, warn);
    });
    return { state, entries };
  } catch (error) {
    // A file may go between the listing and the reading; folders named like files have nothing to read.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EISDIR') warn(`${name}: cannot be read (${code ?? 'not valid YAML'})`);
    return undefined;
  }
}

function readManifest(manifest: unknown, file: string, warn: Warn): readonly Entry[] {
  if (!isObject(manifest)) return [];
  if (manifest['kind'] === 'List' && Array.isArray(manifest['items'])) {
    return manifest['items'].flatMap((item: unknown) => readManifest(item, file, warn));
  }
  const metadata = asObject(manifest['metadata']);
  const type = asObject(metadata['labels'])[label];
  if (manifest['kind'] !== 'Secret' || typeof type !== 'string') return [];
  const name = `${file}: Secret ${JSON.stringify(metadata['name'])}`;
  const { namespace: project } = metadata;
  if (typeof project !== 'string' || !project) {
    warn(`${name} has no namespace, so it belongs to no project`);
    return [];
  }
  return readEntry(project, type, readData(manifest), name, warn);
}

function readEntry(
  project: string,
  type: string,
  { repoURL, repoURLIsRegex, ...credentials }: Readonly<Record<string, string>>,
  name: string,
  warn: Warn,
): readonly Entry[] {
  if (!repoURL) {
    warn(`${name} has no repoURL`);
    return [];
  }
  const { username, password, sshPrivateKey } = credentials;
  const entry = {
    project,
    type,
    repoURL: repoURL.trim(),
    credentials: {
      ...(username && { username }),
      ...(password && { password }),
      ...(sshPrivateKey && { sshPrivateKey }),
    },
  };
  if (repoURLIsRegex?.trim() !== 'true') return [entry];
  try {
    return [{ ...entry, pattern: new RegExp(repoURL.trim()) }];
  } catch {
    warn(`${name}: repoURL is no valid regular expression`);
    return [];
  }
}

/** `stringData` wins over `data`, as in Kubernetes. */
function readData(manifest: JsonObject): Readonly<Record<string, string>> {
  const encoded = texts(manifest['data']).map(([key, value]) => [
    key,
    Buffer.from(value, 'base64').toString('utf8'),
  ]);
  return Object.fromEntries([...encoded, ...texts(manifest['stringData'])]);
}

function texts(value: unknown): readonly (readonly [string, string])[] {
  return Object.entries(asObject(value)).flatMap(([key, text]) =>
    typeof text === 'string' ? [[key, text]] : [],
  );
}

function asObject(value: unknown): JsonObject {
  return isObject(value) ? value : {};
}

function choose(
  entries: readonly Entry[],
  { project, type, repoURL }: CredentialQuery,
): Credentials | undefined {
  const own = entries.filter((entry) => entry.project === project && entry.type === type);
  const isSame = (entry: Entry) => !entry.pattern && isSameRepository(entry.repoURL, repoURL);
  const url = normalizeGitURL(repoURL);
  const fits = ({ pattern }: Entry) => pattern !== undefined && (pattern.test(repoURL) || pattern.test(url));
  return (own.find(isSame) ?? own.find(fits))?.credentials;
}
