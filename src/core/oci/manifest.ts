import { isObject, type Json, type JsonObject } from '../json.ts';
import { isDigest } from './reference.ts';

/** One thing in a registry that another one names. */
export interface Descriptor {
  readonly mediaType: string;
  readonly digest: string;
  readonly size: number;
  /** `os/architecture[/variant]` of an image in an index. */
  readonly platform?: string;
  /** Of another registry, where it must stay: Windows base layers. */
  readonly isForeign: boolean;
  /** Belongs to another entry of its index, such as its attestation. */
  readonly isAttachment: boolean;
}

/** A manifest, read as far as copying needs it. */
export type Manifest =
  | {
      readonly kind: 'index';
      readonly manifests: readonly Descriptor[];
      readonly document: JsonObject;
    }
  | {
      readonly kind: 'image';
      readonly config?: Descriptor;
      readonly layers: readonly Descriptor[];
      readonly document: JsonObject;
    };

/** What a registry is asked for. */
export const manifestTypes = [
  'application/vnd.oci.image.index.v1+json',
  'application/vnd.oci.image.manifest.v1+json',
  'application/vnd.docker.distribution.manifest.list.v2+json',
  'application/vnd.docker.distribution.manifest.v2+json',
] as const;

/** Reads a manifest; undefined for a media type that is none of the above. Throws an Error when it is damaged. */
export function readManifest(mediaType: string, text: string): Manifest | undefined {
  if (!(manifestTypes as readonly string[]).includes(mediaType)) return undefined;
  const document = parse(text);
  if (/index|manifest\.list/.test(mediaType))
    return { kind: 'index', manifests: readList(document['manifests'], 'manifests'), document };
  const { config } = document;
  return {
    kind: 'image',
    ...(config !== undefined && { config: readDescriptor(config, 'config') }),
    layers: readList(document['layers'], 'layers'),
    document,
  };
}

function parse(text: string): JsonObject {
  let value: Json;
  try {
    value = JSON.parse(text) as Json;
  } catch (error) {
    throw new Error('the registry sent a manifest that is no JSON', { cause: error });
  }
  if (isObject(value)) return value;
  throw new Error('the registry sent a manifest that is no object');
}

function readList(value: Json | undefined, field: string): readonly Descriptor[] {
  if (value === undefined || value === null) return [];
  if (!Array.isArray(value)) throw new Error(`${field} of the manifest is no list`);
  return (value as readonly Json[]).map((one, index) => readDescriptor(one, `${field}[${index}]`));
}

function readDescriptor(value: Json, field: string): Descriptor {
  const { mediaType, digest, size, platform, urls, annotations } = isObject(value) ? value : {};
  if (typeof digest !== 'string' || !isDigest(digest) || typeof size !== 'number' || !(size >= 0))
    throw new Error(`${field} of the manifest has no digest and size`);
  return {
    mediaType: typeof mediaType === 'string' ? mediaType : '',
    digest,
    size,
    ...(isObject(platform) && { platform: readPlatform(platform) }),
    isForeign: Array.isArray(urls) && urls.length > 0,
    isAttachment: isObject(annotations) && 'vnd.docker.reference.digest' in annotations,
  };
}

function readPlatform({ os, architecture, variant }: JsonObject): string {
  const parts = [os, architecture, variant].filter((part) => typeof part === 'string');
  return parts.filter(Boolean).join('/');
}
