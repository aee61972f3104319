import { TerminalError } from '../../core/errors.ts';
import type { JsonObject } from '../../core/json.ts';
import { annotate, replaceManifests, type Annotations, type Replacement } from '../../core/oci/annotate.ts';
import { readManifest, type Descriptor, type Manifest } from '../../core/oci/manifest.ts';
import { digestOf, type Repository, type StoredManifest } from './registries.ts';

/** From where an artifact is copied to where, and what it may take. */
export interface ArtifactCopy {
  readonly source: Repository;
  /** Tag or digest. */
  readonly version: string;
  readonly target: Repository;
  readonly tag: string;
  readonly annotations: Annotations;
  /** Bytes that may go from one repository to another; 0 = none at all, -1 = any number. */
  readonly maximum: number;
  readonly signal: AbortSignal;
}

/**
 * Gives an artifact a tag, in its own repository or in another one, an index with all its images. What is there already is
 * not sent again; the tag moves last. Returns the digest that the tag has now. Rejects with a TerminalError where the
 * artifact is of no kind that can be copied or over the limit.
 */
export async function copyArtifact(copy: ArtifactCopy): Promise<string> {
  const { source, target, tag, maximum } = copy;
  const isNear = source.name === target.name;
  if (!isNear && maximum === 0)
    throw refuse(
      `copying from ${source.name} to another repository, ${target.name}, is off: the operator allows it with oci.maxPushSize`,
    );
  const root = await readNode(source, copy.version);
  const needsAll = !isNear || Object.keys(copy.annotations.manifest).length > 0;
  const children = needsAll ? await readChildren(source, root) : [];
  if (!isNear) {
    checkSize(copy, [root, ...children]);
    await copyBlobs(copy, [root, ...children]);
  }
  const final = await putChildren(copy, root, children);
  if ((await target.findDigest(tag)) !== final.digest) await target.putManifest(tag, final);
  return final.digest;
}

interface Node {
  readonly stored: StoredManifest;
  readonly manifest: Manifest;
  /** Where an index names it. */
  readonly descriptor?: Descriptor;
}

async function readNode(source: Repository, version: string, descriptor?: Descriptor): Promise<Node> {
  const stored = await source.readManifest(version);
  const manifest = readManifest(stored.mediaType, stored.bytes.toString());
  if (!manifest)
    throw refuse(`${source.name}: ${version} is of the kind ${stored.mediaType}, which cannot be copied`);
  return { stored, manifest, ...(descriptor && { descriptor }) };
}

async function readChildren(source: Repository, { manifest }: Node): Promise<readonly Node[]> {
  if (manifest.kind !== 'index') return [];
  if (manifest.manifests.length > maximumChildren)
    throw refuse(`${source.name}: an index of more than ${maximumChildren} manifests cannot be copied`);
  const children: Node[] = [];
  for (const descriptor of manifest.manifests) {
    const child = await readNode(source, descriptor.digest, descriptor);
    if (child.manifest.kind === 'index')
      throw refuse(`${source.name}: an index in an index cannot be copied`);
    children.push(child);
  }
  return children;
}

const maximumChildren = 200;

function checkSize({ source, version, maximum }: ArtifactCopy, nodes: readonly Node[]): void {
  const blobs = new Map(nodes.flatMap(blobsOf).map(({ digest, size }) => [digest, size]));
  const size = [...blobs.values(), ...nodes.map(({ stored }) => stored.bytes.length)].reduce(
    (a, b) => a + b,
    0,
  );
  if (maximum >= 0 && size > maximum)
    throw refuse(
      `${source.name}: ${version} has ${size} bytes, more than the ${maximum} that the operator allows with oci.maxPushSize`,
    );
}

function blobsOf({ manifest }: Node): readonly Descriptor[] {
  if (manifest.kind === 'index') return [];
  return [...(manifest.config ? [manifest.config] : []), ...manifest.layers].filter(
    ({ isForeign }) => !isForeign,
  );
}

async function copyBlobs({ source, target, signal }: ArtifactCopy, nodes: readonly Node[]): Promise<void> {
  const done = new Set<string>();
  for (const { digest, size } of nodes.flatMap(blobsOf)) {
    signal.throwIfAborted();
    if (!done.has(digest)) await target.copyBlob(digest, size, source);
    done.add(digest);
  }
}

/** Puts the images of an index in place, annotated where that is asked for; returns what the tag is to mean. */
async function putChildren(
  copy: ArtifactCopy,
  root: Node,
  children: readonly Node[],
): Promise<StoredManifest> {
  const { annotations, target } = copy;
  if (root.manifest.kind === 'image')
    return rewrite(
      root.stored,
      annotate(root.manifest.document, annotations.manifest),
      root.manifest.document,
    );
  const replaced = new Map<string, Replacement>();
  for (const { stored, manifest, descriptor } of children) {
    const added = descriptor?.isAttachment ? {} : annotations.manifest;
    const child = rewrite(stored, annotate(manifest.document, added), manifest.document);
    if (child.digest !== stored.digest)
      replaced.set(stored.digest, { digest: child.digest, size: child.bytes.length });
    await target.putManifest(child.digest, child);
  }
  const { document } = root.manifest;
  const index = replaced.size > 0 ? replaceManifests(document, replaced) : document;
  return rewrite(root.stored, annotate(index, annotations.index), document);
}

/** Bytes that nobody changed stay as they are: their digest depends on it. */
function rewrite(stored: StoredManifest, document: JsonObject, before: JsonObject): StoredManifest {
  if (document === before) return stored;
  const bytes = Buffer.from(JSON.stringify(document));
  return { mediaType: stored.mediaType, bytes, digest: digestOf(bytes) };
}

function refuse(message: string): TerminalError {
  return new TerminalError(message, { status: 'Errored' });
}
