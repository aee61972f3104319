import { createHash } from 'node:crypto';
import { manifestTypes } from '../../core/oci/manifest.ts';
import { repositoryURL, type ArtifactReference } from '../../core/oci/reference.ts';
import type { CredentialQuery, Credentials } from '../credentials/credentials.ts';
import type { Http, HttpAnswer } from '../http/http.ts';
import { readBody } from '../http/read-body.ts';
import { explainAnswer } from './explain-answer.ts';
import { RegistrySession, type RegistryRequest } from './session.ts';

/** A manifest as the registry holds it, byte for byte. */
export interface StoredManifest {
  readonly mediaType: string;
  readonly digest: string;
  readonly bytes: Buffer;
}

/** One repository in a registry. Errors name the repository and what the registry says. */
export interface Repository {
  readonly name: string;
  /** A manifest by tag or digest; rejects when it is not there or not what its digest says. */
  readManifest(version: string): Promise<StoredManifest>;
  /** Digest of a tag; undefined when there is no such tag. */
  findDigest(version: string): Promise<string | undefined>;
  hasBlob(digest: string): Promise<boolean>;
  /** Gives the answer with the blob to `use`, its bytes not yet compared with the digest. */
  openBlob<T>(digest: string, use: (answer: HttpAnswer) => Promise<T>): Promise<T>;
  /** Puts a blob there that `other` has; asks the registry to link it before any byte is moved. */
  copyBlob(digest: string, size: number, other: Repository): Promise<void>;
  putManifest(version: string, manifest: StoredManifest): Promise<void>;
}

export interface OpenOptions {
  readonly skipVerify?: boolean;
}

/** Registries of images, charts and other artifacts (OCI distribution), with the credentials of one project. */
export interface Registries {
  /** The repository of a reference; nothing is asked of the registry yet. */
  open(reference: ArtifactReference, options?: OpenOptions): Promise<Repository>;
  /** Bytes that may be copied from one repository to another; 0 = nothing at all, -1 = any number. */
  readonly maximumCopy: number;
}

/** What the operator says about registries. */
export interface RegistryPolicy {
  /** See `Registries.maximumCopy`; default 1 GiB. */
  readonly maximumCopy: number;
}

export interface RegistriesOptions {
  readonly http: Http;
  /** Those of the project. */
  readonly findCredentials: (query: Omit<CredentialQuery, 'project'>) => Promise<Credentials | undefined>;
  readonly signal: AbortSignal;
  /** Milliseconds for which a registry may be busy before it counts as an error; default 30 000. */
  readonly patience?: number;
  readonly policy?: RegistryPolicy;
}

export function createRegistries({ findCredentials, policy, ...options }: RegistriesOptions): Registries {
  return {
    maximumCopy: policy?.maximumCopy ?? 1024 ** 3,
    async open(reference, { skipVerify = false } = {}) {
      const type = reference.isChart ? 'helm' : 'image';
      const credentials = await findCredentials({ type, repoURL: repositoryURL(reference) });
      const { host } = reference;
      const session = new RegistrySession({ patience: 30_000, ...options, host, credentials, skipVerify });
      return new RemoteRepository(reference, session);
    },
  };
}

type Asked = Omit<RegistryRequest, 'scopes' | 'path'> & { readonly path: string; readonly push?: boolean };

class RemoteRepository implements Repository {
  readonly name: string;
  readonly #repository: string;
  readonly #host: string;
  readonly #session: RegistrySession;

  constructor({ host, repository }: ArtifactReference, session: RegistrySession) {
    this.name = `${host}/${repository}`;
    this.#repository = repository;
    this.#host = host;
    this.#session = session;
  }

  async readManifest(version: string): Promise<StoredManifest> {
    const asked = { method: 'GET', path: `manifests/${version}`, headers: [accept] } as const;
    return this.#send(asked, async (answer) => {
      await this.#expect(answer, [200], `reading ${version}`);
      const bytes = await readBody(answer, maximumManifest);
      const mediaType = (answer.headers['content-type'] ?? '').replace(/;.*$/s, '').trim();
      const said = version.includes(':') ? version : String(answer.headers['docker-content-digest'] ?? '');
      const digest = digestOf(bytes, said.split(':', 1)[0] || 'sha256');
      if (said && said !== digest)
        throw new Error(`${this.name}: the registry sent a manifest with the digest ${digest} for ${said}`);
      return { mediaType: mediaType === 'application/json' ? inner(bytes) : mediaType, digest, bytes };
    });
  }

  async findDigest(version: string): Promise<string | undefined> {
    const asked = { method: 'HEAD', path: `manifests/${version}`, headers: [accept], push: true } as const;
    return this.#send(asked, async ({ status, headers }) =>
      status === 200 ? String(headers['docker-content-digest'] ?? '') || undefined : undefined,
    );
  }

  async hasBlob(digest: string): Promise<boolean> {
    const asked = { method: 'HEAD', path: `blobs/${digest}`, push: true } as const;
    return this.#send(asked, async ({ status }) => status === 200);
  }

  async openBlob<T>(digest: string, use: (answer: HttpAnswer) => Promise<T>): Promise<T> {
    return this.#send({ method: 'GET', path: `blobs/${digest}` }, async (answer) => {
      await this.#expect(answer, [200], `reading ${digest}`);
      return use(answer);
    });
  }

  async copyBlob(digest: string, size: number, other: Repository): Promise<void> {
    if (await this.hasBlob(digest)) return;
    const location = await this.#startUpload(digest, other);
    if (location === undefined) return;
    await other.openBlob(digest, async ({ body }) => {
      const headers = [
        { name: 'content-type', value: 'application/octet-stream' },
        { name: 'content-length', value: String(size) },
      ];
      const path = withDigest(location, digest);
      const upload = { method: 'PUT', path, headers, push: true } as const;
      await this.#send({ ...upload, body: verified(body, digest, size) }, (answer) =>
        this.#expect(answer, [200, 201, 202, 204], `writing ${digest}`),
      );
    });
  }

  async putManifest(version: string, { mediaType, digest, bytes }: StoredManifest): Promise<void> {
    const headers = [{ name: 'content-type', value: mediaType }];
    const asked = { method: 'PUT', path: `manifests/${version}`, headers, body: bytes, push: true } as const;
    await this.#send(asked, async (answer) => {
      await this.#expect(answer, [200, 201, 202], `writing ${version}`);
      const said = answer.headers['docker-content-digest'];
      if (said !== undefined && said !== digest)
        throw new Error(`${this.name}: the registry holds ${String(said)} now, not ${digest}`);
    });
  }

  /** Where to send a blob to; undefined when the registry linked it from the other repository. */
  async #startUpload(digest: string, other: Repository): Promise<string | undefined> {
    const isNear = other instanceof RemoteRepository && other.#host === this.#host;
    const from = isNear ? `?mount=${digest}&from=${encodeURIComponent(other.#repository)}` : '';
    const scopes = isNear ? [this.#scope(true), other.#scope(false)] : [this.#scope(true)];
    const asked = { method: 'POST', path: this.#path(`blobs/uploads/${from}`), scopes } as const;
    const location = await this.#session.send(asked, async (answer) => {
      // Who may not read there may still upload.
      if (isNear && (answer.status === 403 || answer.status === 404)) return '';
      await this.#expect(answer, [201, 202], `writing ${digest}`);
      return answer.status === 201 ? undefined : (answer.headers.location ?? '');
    });
    if (location !== '') return location;
    return this.#send({ method: 'POST', path: 'blobs/uploads/', push: true }, async (answer) => {
      await this.#expect(answer, [202], `writing ${digest}`);
      return answer.headers.location ?? '';
    });
  }

  #send<T>({ path, push = false, ...asked }: Asked, use: (answer: HttpAnswer) => Promise<T>): Promise<T> {
    const isAddress = /^(?:https?:\/)?\//i.test(path);
    const request = { ...asked, path: isAddress ? path : this.#path(path), scopes: [this.#scope(push)] };
    return this.#session.send(request, use);
  }

  async #expect(answer: HttpAnswer, statuses: readonly number[], what: string): Promise<void> {
    if (statuses.includes(answer.status)) return;
    throw new Error(`${this.name}: ${what}: ${await explainAnswer(answer)}`);
  }

  #path(rest: string): string {
    return `/v2/${this.#repository}/${rest}`;
  }

  #scope(push: boolean): string {
    return `repository:${this.#repository}:${push ? 'pull,push' : 'pull'}`;
  }
}

const accept = { name: 'accept', value: manifestTypes.join(', ') };

const maximumManifest = 4 * 1024 * 1024;

/** The digest of bytes in a registry's notation. */
export function digestOf(bytes: Buffer, algorithm = 'sha256'): string {
  if (algorithm !== 'sha256' && algorithm !== 'sha512') throw new Error(`${algorithm} is no digest we know`);
  return `${algorithm}:${createHash(algorithm).update(bytes).digest('hex')}`;
}

/** Some registries say the kind of a manifest only in the manifest. */
function inner(bytes: Buffer): string {
  const [, mediaType = ''] = /"mediaType"\s*:\s*"([^"]+)"/.exec(bytes.toString()) ?? [];
  return mediaType;
}

function withDigest(location: string, digest: string): string {
  return `${location}${location.includes('?') ? '&' : '?'}digest=${encodeURIComponent(digest)}`;
}

/** The pieces; breaks off in the end when they are not what the digest says, so that nobody keeps them. */
async function* verified(body: AsyncIterable<Buffer>, digest: string, size: number): AsyncGenerator<Buffer> {
  const hash = createHash(digest.split(':', 1)[0]!);
  let read = 0;
  for await (const piece of body) {
    hash.update(piece);
    read += piece.length;
    if (read > size) break;
    yield piece;
  }
  if (read === size && `${digest.split(':', 1)[0]}:${hash.digest('hex')}` === digest) return;
  throw new Error(`the registry sent something else for ${digest}`);
}
