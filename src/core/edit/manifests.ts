import { parse } from 'yaml';
import { isObject, type Json, type JsonObject } from '../json.ts';

/** One resource of a rendered stream. */
export interface Manifest {
  readonly text: string;
  readonly group: string;
  readonly kind: string;
  readonly name: string;
  readonly namespace: string;
}

/**
 * The resources of a stream in the form kustomize prints: block style, sorted keys, `---` between them. Only the lines
 * that identify a resource are read, so that a stream of many megabytes takes no time.
 */
export function splitManifests(stream: string): readonly Manifest[] {
  return stream
    .split(/^---\n/m)
    .filter((text) => text.trim() !== '')
    .map(readManifest);
}

/**
 * A file name for each resource, as Kargo makes them: `[<namespace>-]<kind>-<name>.yaml`, lower case. Resources that would
 * share a name get their group into it (`<kind>.<group>`). Throws an Error for a name no file may have, or that stays shared.
 */
export function nameManifests(manifests: readonly Manifest[]): ReadonlyMap<string, Manifest> {
  const plain = manifests.map((manifest) => fileName(manifest, false));
  const files = new Map<string, Manifest>();
  for (const [index, manifest] of manifests.entries()) {
    const isShared = plain.indexOf(plain[index]!) !== plain.lastIndexOf(plain[index]!);
    const name = checkFileName(isShared ? fileName(manifest, true) : plain[index]!);
    if (files.has(name)) {
      throw new Error(
        `two resources would share the file name "${name}": let outPath end in .yaml to build one file`,
      );
    }
    files.set(name, manifest);
  }
  return files;
}

/** The texts of a stream of manifests by the file each goes into. Throws as `splitManifests` and `nameManifests` do. */
export function nameManifestTexts(stream: string): ReadonlyMap<string, string> {
  return new Map([...nameManifests(splitManifests(stream))].map(([name, { text }]) => [name, text]));
}

/** The name itself when it stays in its folder. Throws an Error otherwise. */
export function checkFileName(name: string): string {
  if (/^\.{0,2}$|[/\\\0]/.test(name))
    throw new Error(`unsafe generated resource filename ${JSON.stringify(name)}`);
  return name;
}

function fileName({ namespace, kind, group, name }: Manifest, withGroup: boolean): string {
  const type = withGroup && group ? `${kind}.${group}` : kind;
  return `${[namespace, type, name].filter(Boolean).join('-').toLowerCase()}.yaml`;
}

function readManifest(text: string): Manifest {
  const lines = text.split('\n');
  const start = lines.indexOf('metadata:') + 1;
  const length = lines.slice(start).findIndex((line) => /^\S/.test(line));
  const metadata = start > 0 ? lines.slice(start, length < 0 ? undefined : start + length) : [];
  const resource = read(lines.filter((line) => /^(apiVersion|kind):/.test(line)));
  const { name, namespace } = read(metadata.filter((line) => /^ {2}(name|namespace):/.test(line)));
  const kind = textOf(resource['kind']);
  const [, group = ''] = /^(.*)\//.exec(textOf(resource['apiVersion'])) ?? [];
  if (!textOf(name)) throw new Error(`a resource of kind ${kind || 'unknown'} has no name`);
  return { text, group, kind, name: textOf(name), namespace: textOf(namespace) };
}

function read(lines: readonly string[]): JsonObject {
  const value = parse(lines.join('\n'), { logLevel: 'silent' }) as Json;
  return isObject(value) ? value : {};
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}
