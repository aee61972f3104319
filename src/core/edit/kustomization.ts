import { isMap, isScalar, isSeq, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { isObject, type Json } from '../json.ts';
import { parseYaml, sameJson, valuesOf, type YamlText } from './documents.ts';
import { addEntries, replaceEntry } from './image-entry.ts';
import { applySplices } from './splice.ts';

/** One entry of `images` in a kustomization. Absent fields are absent in the file. */
export interface ImageEntry {
  readonly name: string;
  readonly newName?: string;
  readonly newTag?: string;
  readonly digest?: string;
}

export interface ImagesSet {
  readonly text: string;
  /** What the entries became, sorted by name. */
  readonly images: readonly ImageEntry[];
}

/**
 * Sets entries of `images` in a kustomization. An entry of the same name is replaced as a whole, `*` keeping what a field
 * says now; others stay. Old entries keep their place, new ones follow sorted by name. Comments, order and layout of the
 * rest survive, which is proven by reading the result again. Throws an Error with line and column when it cannot be done.
 */
export function setImages(text: string, entries: readonly ImageEntry[]): ImagesSet {
  const yaml = parseYaml(text);
  const root = rootOf(yaml);
  const pair = root.items.find(({ key }) => isScalar(key) && key.value === 'images');
  const existing = readEntries(yaml, pair);
  const wanted = new Map(entries.map((entry) => [entry.name, keepStarred(entry, existing)]));
  const images = [...wanted.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
  const known = new Set(existing.map(({ entry }) => entry.name));
  const added = images.filter(({ name }) => !known.has(name));
  const splices = existing.flatMap(({ node, entry }) => {
    const target = wanted.get(entry.name);
    return target ? replaceEntry(yaml, node, target) : [];
  });
  if (added.length > 0) splices.push(...addEntries(yaml, root, pair, added));
  const updated = applySplices(text, splices);
  prove(yaml, updated, wanted, added);
  return { text: updated, images };
}

/** An entry as it stands in the file. */
interface Existing {
  readonly node: YAMLMap<Scalar>;
  readonly entry: ImageEntry;
}

function rootOf(yaml: YamlText): YAMLMap {
  const root = yaml.documents[0]?.contents;
  if (isMap(root)) return root;
  throw new Error(
    root ? `${yaml.position(root.range[0])}: the kustomization is no map` : 'the kustomization is empty',
  );
}

function readEntries(yaml: YamlText, pair: Pair | undefined): readonly Existing[] {
  const list = pair?.value;
  if (!list || (isScalar(list) && list.value === null)) return [];
  if (!isSeq(list)) throw new Error(`${positionOf(yaml, list)}: images is no list of its own`);
  return list.items.map((node, index) => {
    const name = isMap(node) ? node.items.find(({ key }) => textOf(key) === 'name') : undefined;
    if (!name || textOf(name.value) === undefined) {
      throw new Error(`${positionOf(yaml, node)}: images[${index}] is no entry with a name`);
    }
    return { node: node as YAMLMap<Scalar>, entry: readEntry(node as YAMLMap) };
  });
}

function readEntry(node: YAMLMap): ImageEntry {
  const fields = node.items.map(({ key, value }) => [textOf(key), textOf(value)] as const);
  return Object.fromEntries(fields.filter(([, value]) => value !== undefined));
}

/** A scalar's text as written: `1.10` is a tag, whatever number it may be. */
function textOf(node: unknown): string | undefined {
  return isScalar(node) && node.value !== null ? (node.source ?? JSON.stringify(node.value)) : undefined;
}

function positionOf(yaml: YamlText, node: unknown): string {
  return yaml.position((node as Scalar).range?.[0] ?? 0);
}

function keepStarred(entry: ImageEntry, existing: readonly Existing[]): ImageEntry {
  const old = existing.findLast((one) => one.entry.name === entry.name)?.entry;
  const kept = Object.entries(entry).map(([field, value]) => [
    field,
    value === '*' ? old?.[field as keyof ImageEntry] : value,
  ]);
  return Object.fromEntries(kept.filter(([, value]) => value !== undefined));
}

/** Whatever the splices did: the images are the ones wanted, and nothing else has changed. */
function prove(
  before: YamlText,
  updated: string,
  wanted: ReadonlyMap<string, ImageEntry>,
  added: readonly ImageEntry[],
): void {
  const [first, ...others] = valuesOf(before);
  const document = first as Record<string, Json>;
  const old = (document['images'] ?? []) as readonly Json[];
  const images = old.map((entry) => wanted.get(nameOf(entry)) ?? entry);
  const hasImages = 'images' in document || added.length > 0;
  const expected = { ...document, ...(hasImages && { images: [...images, ...added] as unknown as Json }) };
  if (images.length + added.length === 0 && 'images' in document) expected['images'] = document['images']!;
  if (!sameJson(valuesOf(parseYaml(updated)), [expected, ...others])) {
    throw new Error(
      'cannot set the images without changing other parts of the file: write its images one field per line',
    );
  }
}

function nameOf(entry: Json): string {
  const name = isObject(entry) ? entry['name'] : undefined;
  return typeof name === 'string' ? name : JSON.stringify(name);
}
