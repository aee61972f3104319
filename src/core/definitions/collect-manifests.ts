import { nearest } from '../did-you-mean.ts';
import { Fields, type Locate } from '../fields.ts';
import { parseFreight } from '../freight/parse-freight.ts';
import { isObject, type Json, type JsonObject } from '../json.ts';
import { formatPlace, type Problem } from '../problem.ts';
import {
  apiVersion,
  extendedApiVersion,
  isClusterScoped,
  kinds,
  type Definitions,
  type Kind,
  type Manifest,
} from './manifest.ts';

/** A value as it was found, with its places. */
export interface Document {
  readonly value: Json;
  readonly locate: Locate;
}

/**
 * The Kargo manifests among documents; lists of manifests are opened. Other kinds are noted and left aside; doubles and
 * manifests without a name are problems.
 */
export function collectManifests(documents: readonly Document[]): Definitions {
  const problems: Problem[] = [];
  const notes: Problem[] = [];
  const manifests = documents
    .flatMap(openList)
    .flatMap((document) => recognize(document, problems, notes) ?? []);
  return { manifests, problems: [...problems, ...findDoubles(manifests)], notes };
}

/** The items of a list of manifests, each with its places; anything else is its own only item. */
export function openList({ value, locate }: Document): readonly Document[] {
  const isList = isObject(value) && typeof value.kind === 'string' && value.kind.endsWith('List');
  const path = isList ? ['items'] : [];
  const items = isList ? value.items : value;
  if (!Array.isArray(items)) return [{ value, locate }];
  return (items as readonly Json[]).map((item, index) => ({
    value: item,
    locate: (rest, ...part) => locate([...path, index, ...rest], ...part),
  }));
}

function recognize({ value, locate }: Document, problems: Problem[], notes: Problem[]): Manifest | undefined {
  if (value === null) return undefined;
  const group = isObject(value) && typeof value.apiVersion === 'string' ? value.apiVersion : '';
  const kind = isObject(value) && typeof value.kind === 'string' ? value.kind : '';
  if (!isObject(value) || !isKind(kind) || !isGroupOf(group, kind)) {
    // An unknown kind of Kargo's own is most likely misspelt; other manifests are none of our business.
    const severity = group.startsWith('kargo.akuity.io/') ? 'warning' : 'note';
    notes.push({ message: explainIgnored(group, kind), place: locate(['kind']), severity });
    return undefined;
  }
  return readManifest(kind, value, locate, problems);
}

function readManifest(
  kind: Kind,
  body: JsonObject,
  locate: Locate,
  problems: Problem[],
): Manifest | undefined {
  const fields = new Fields(body, [], locate, problems);
  const metadata = fields.object('metadata');
  const name = readName(kind, fields, metadata);
  const namespace = metadata?.text('namespace');
  if (name === undefined) return undefined;
  const isPlaced = namespace && !isClusterScoped(kind);
  return { kind, name, ...(isPlaced && { namespace }), body, locate };
}

function readName(kind: Kind, fields: Fields, metadata: Fields | undefined): string | undefined {
  if (kind === 'Freight' && !metadata?.find('name')) {
    // Its name follows from what is in it.
    const { freight, problems } = parseFreight(fields.value, fields.locate);
    if (!freight) fields.problems.push(...problems);
    return freight?.name;
  }
  if (metadata) return metadata.required('name', `every ${kind} needs one`);
  if (fields.find('metadata') === undefined)
    fields.problems.push({ message: `${kind} without "metadata.name"`, place: fields.locate([]) });
  return undefined;
}

function explainIgnored(group: string, kind: string): string {
  if (!group || !kind) return 'not a Kubernetes manifest ("apiVersion" and "kind"): ignored';
  if (!group.startsWith('kargo.akuity.io/')) return `${kind} (${group}) is not a Kargo kind: ignored`;
  if (isKind(kind)) return `${kind} of ${group} ignored: only ${apiVersion} is known`;
  const meant = nearest(kind, kinds);
  return `unknown Kargo kind ${kind} ignored${meant ? `: did you mean ${meant}?` : ''}`;
}

/** Channels are of the extended group; in the plain one they are taken, too. */
function isGroupOf(group: string, kind: Kind): boolean {
  return group === apiVersion || (group === extendedApiVersion && kind.endsWith('MessageChannel'));
}

function isKind(kind: string): kind is Kind {
  return (kinds as readonly string[]).includes(kind);
}

/** The manifests that claim to be an object which an earlier one is. */
export function findDoubles(manifests: readonly Manifest[]): readonly Problem[] {
  const first = new Map<string, Manifest>();
  return manifests.flatMap((manifest) => {
    const key = JSON.stringify([manifest.kind, manifest.namespace ?? '', manifest.name]);
    const known = first.get(key);
    if (!known) {
      first.set(key, manifest);
      return [];
    }
    const { kind, name, namespace } = manifest;
    const where = formatPlace(known.locate(['metadata', 'name']));
    const remedy = namespace ? 'remove one' : 'remove one, or give each a metadata.namespace';
    const message = `${kind} ${JSON.stringify(name)} is already defined at ${where}: ${remedy}`;
    return [{ message, place: manifest.locate(['metadata', 'name']) }];
  });
}
