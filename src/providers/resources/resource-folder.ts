import { readdir, readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { parseAllDocuments } from 'yaml';
import { readResources, type Resource, type Warn } from './resource.ts';

/** A folder of Kubernetes `Secret` and `ConfigMap` manifests, folders in it included. */
export interface ResourceFolder {
  /** Absolute path. */
  readonly path: string;
  /**
   * What is there now; files are read again when they change. Rejects with an error that names the folder when it
   * cannot be read: trying again may help.
   */
  read(): Promise<readonly Resource[]>;
}

/** A manifest that cannot be used is left out, and told once. */
export function createResourceFolder(path: string, warn: Warn = () => undefined): ResourceFolder {
  let files: ReadonlyMap<string, KnownFile> = new Map();
  return {
    path,
    async read() {
      const names = (await listFiles(path)).filter(isManifest).sort();
      const known = files;
      const read = await Promise.all(names.map((name) => readManifests(path, name, known.get(name), warn)));
      const found = new Map(names.flatMap((name, at) => (read[at] ? [[name, read[at]] as const] : [])));
      const isChanged = [...found].some(([name, file]) => file !== known.get(name));
      files = found;
      return withoutDoubles(
        [...found.values()].flatMap((file) => file.resources),
        isChanged ? warn : () => undefined,
      );
    },
  };
}

/** Says what is wrong with the place that Secrets are to be read from; undefined = nothing that time cannot heal. */
export async function checkResourceFolder(path: string): Promise<string | undefined> {
  const found = await stat(path).catch(() => undefined);
  if (!found || found.isDirectory()) return undefined;
  return `secrets ${path} is a file: name a folder of Secret manifests. A kubeconfig cannot be read yet; write the Secrets of a cluster to a folder with: kubectl get secrets,configmaps -n PROJECT -o yaml`;
}

interface KnownFile {
  /** What the file looked like when it was read. */
  readonly state: string;
  readonly resources: readonly Resource[];
}

/** Hidden folders are how Kubernetes puts new versions of mounted Secrets in place: links lead there. */
function isManifest(name: string): boolean {
  return /\.(ya?ml|json)$/i.test(name) && !/(^|[\\/])\./.test(name);
}

async function listFiles(folder: string): Promise<readonly string[]> {
  try {
    return await readdir(folder, { recursive: true });
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    throw new Error(`the folder of Secrets ${folder} cannot be read (${code})`, { cause: error });
  }
}

async function readManifests(
  folder: string,
  name: string,
  known: KnownFile | undefined,
  warn: Warn,
): Promise<KnownFile | undefined> {
  try {
    const path = join(folder, name);
    const { mtimeMs, ctimeMs, size, ino } = await stat(path);
    const state = `${mtimeMs} ${ctimeMs} ${size} ${ino}`;
    if (known?.state === state) return known;
    const documents = parseAllDocuments(await readFile(path, 'utf8'));
    const resources = [...documents].flatMap((document, index) => {
      // The parser quotes the text it stumbles over, which may be the secret itself.
      if (document.errors.length > 0)
        warn(`${name}: document ${index + 1} is not valid YAML and is left out`);
      return document.errors.length > 0
        ? []
        : readResources(document.toJS({ maxAliasCount: 100 }), name, warn);
    });
    return { state, resources };
  } catch (error) {
    // A file may go between the listing and the reading; folders named like files have nothing to read.
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT' && code !== 'EISDIR') warn(`${name}: cannot be read (${code ?? 'not valid YAML'})`);
    return undefined;
  }
}

function withoutDoubles(resources: readonly Resource[], warn: Warn): readonly Resource[] {
  const first = new Map<string, Resource>();
  for (const resource of resources) {
    const key = [resource.kind, resource.namespace, resource.name].join('/');
    const other = first.get(key);
    if (!other) first.set(key, resource);
    else warn(`${resource.file}: ${key} is in ${other.file} already, and only that one counts`);
  }
  return [...first.values()];
}
