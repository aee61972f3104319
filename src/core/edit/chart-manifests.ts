import { parse } from 'yaml';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { checkFileName } from './manifests.ts';
import { checkNesting } from './nesting.ts';

/**
 * What `helm template` prints, one resource per file: `[<group>-]<kind>[-<namespace>]-<name>.yaml`, dots of the group as
 * `_`; what has no kind or name becomes `resource-<n>.yaml`. Throws an Error for a name no file may have, or that two share.
 */
export function nameChartManifests(stream: string): ReadonlyMap<string, string> {
  const files = new Map<string, string>();
  let nameless = 0;
  for (const text of splitDocuments(stream)) {
    const resource = readHead(text);
    const name = checkFileName(fileName(resource) ?? `resource-${nameless++}.yaml`);
    if (files.has(name)) {
      throw new Error(
        `two resources would share the file name "${name}": leave outLayout out, or let outPath end in .yaml`,
      );
    }
    files.set(name, isHook(resource) ? text.replace(/^(---\n)?# Source: .*\n/, '') : text);
  }
  return files;
}

/** The separator stays with the first document alone. */
function splitDocuments(stream: string): readonly string[] {
  return stream
    .split(/\n---[ \t]*\n/)
    .map((text) => text.trimEnd())
    .filter((text) => text.replace(/^---/, '').trim() !== '');
}

function fileName(resource: JsonObject): string | undefined {
  const { name, namespace } = child(resource, 'metadata');
  const kind = textOf(resource['kind']);
  if (!kind || !textOf(name)) return undefined;
  const [, group = ''] = /^(.*)\//.exec(textOf(resource['apiVersion'])) ?? [];
  const parts = [group.replaceAll('.', '_'), kind, textOf(namespace), textOf(name)];
  return `${parts.filter(Boolean).join('-').toLowerCase()}.yaml`;
}

function isHook(resource: JsonObject): boolean {
  return 'helm.sh/hook' in child(child(resource, 'metadata'), 'annotations');
}

/** The few keys that name a resource, without reading all of it where its lines tell them apart. */
function readHead(text: string): JsonObject {
  const lines = text.split('\n');
  const isBlock = lines.some((line) => line.startsWith('kind:'));
  let isWanted = false;
  const head = lines.filter((line) => {
    if (/^[^\s#-]/.test(line)) isWanted = /^(apiVersion|kind|metadata):/.test(line);
    return isWanted;
  });
  const naming = (isBlock ? head : lines).join('\n').replace(/^---\n/, '');
  checkNesting(naming);
  const value = parse(naming, { logLevel: 'silent', uniqueKeys: false }) as Json;
  return isObject(value) ? value : {};
}

function child(owner: JsonObject, key: string): JsonObject {
  const value = owner[key];
  return isObject(value) ? value : {};
}

function textOf(value: Json | undefined): string {
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}
