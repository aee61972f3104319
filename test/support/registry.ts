import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { packTar } from './tar.ts';
import { toolPath } from './tools.ts';

/** A real registry on loopback that keeps nothing; must be closed. */
export interface TestRegistry {
  /** Host and port. */
  readonly host: string;
  /** A header that every request of the test itself carries. */
  authorization?: string;
  close(): Promise<void>;
}

export interface TestImage {
  readonly layers: readonly { readonly mediaType: string; readonly text: string }[];
  /** Of an image in an index. */
  readonly platform?: string;
}

/** Starts one; `auth` is the section of its configuration. Files of the configuration go into the folder it is given. */
export async function openRegistry(auth?: (folder: string) => object): Promise<TestRegistry> {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-registry-'));
  const config = {
    version: 0.1,
    log: { formatter: 'json', level: 'info' },
    storage: { inmemory: {} },
    http: { addr: '127.0.0.1:0', secret: 'test' },
    ...(auth && { auth: auth(folder) }),
  };
  writeFileSync(join(folder, 'config.yml'), JSON.stringify(config));
  const child = spawn(toolPath('registry'), ['serve', join(folder, 'config.yml')], {
    stdio: ['ignore', 'ignore', 'pipe'],
    env: { OTEL_TRACES_EXPORTER: 'none' },
  });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  const close = async (): Promise<void> => {
    child.kill('SIGKILL');
    await ended;
    rmSync(folder, { recursive: true, force: true });
  };
  const said: string[] = [];
  for await (const line of createInterface({ input: child.stderr })) {
    said.push(line);
    const [, host] = /listening on (127\.0\.0\.1:\d+)/.exec(line) ?? [];
    if (host === undefined) continue;
    child.stderr.resume();
    return { host, close };
  }
  await close();
  throw new Error(`the registry did not start: ${said.join('\n')}`);
}

/** Puts an image under a tag, or only under its digest, which is returned. */
export async function pushImage(
  registry: TestRegistry,
  repository: string,
  { layers }: TestImage,
  tag?: string,
): Promise<string> {
  const config = await pushBlob(registry, repository, '{}');
  const pushed = layers.map(async ({ mediaType, text }) => ({
    mediaType,
    ...(await pushBlob(registry, repository, text)),
  }));
  const manifest = {
    schemaVersion: 2,
    mediaType: imageType,
    config: { mediaType: 'application/vnd.oci.image.config.v1+json', ...config },
    layers: await Promise.all(pushed),
  };
  return pushManifest(registry, repository, manifest, tag);
}

/** Puts a Helm chart under its version. */
export async function pushChart(
  registry: TestRegistry,
  repository: string,
  chart: { readonly name: string; readonly version: string },
): Promise<string> {
  const { name, version } = chart;
  const text = `apiVersion: v2\nname: ${name}\nversion: ${version}\n`;
  const archive = packTar({ gzip: true, entries: [{ name: `${name}/Chart.yaml`, text }] });
  const config = await pushBlob(registry, repository, JSON.stringify({ apiVersion: 'v2', ...chart }));
  const layer = await pushBlob(registry, repository, archive);
  const manifest = {
    schemaVersion: 2,
    mediaType: imageType,
    config: { mediaType: 'application/vnd.cncf.helm.config.v1+json', ...config },
    layers: [{ mediaType: 'application/vnd.cncf.helm.chart.content.v1.tar+gzip', ...layer }],
  };
  return pushManifest(registry, repository, manifest, version);
}

/** Puts an index of images under a tag; digests are by platform, the index itself has the empty one. */
export async function pushIndex(
  registry: TestRegistry,
  repository: string,
  images: readonly TestImage[],
  tag: string,
): Promise<ReadonlyMap<string, string>> {
  const digests = new Map<string, string>();
  for (const image of images) digests.set(image.platform!, await pushImage(registry, repository, image));
  const manifests = await Promise.all(
    [...digests].map(async ([platform, digest]) => {
      const [os, architecture] = platform.split('/');
      const { byteLength } = await readBytes(registry, `${repository}/manifests/${digest}`);
      return { mediaType: imageType, digest, size: byteLength, platform: { os, architecture } };
    }),
  );
  const index = { schemaVersion: 2, mediaType: indexType, manifests };
  return digests.set('', await pushManifest(registry, repository, index, tag));
}

/** Every tag below a prefix, with what it means, in the form of recorded cases. */
export async function readTags(
  registry: TestRegistry,
  prefix: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { repositories = [] } = await readJson(registry, '_catalog?n=1000');
  const found: Record<string, unknown> = {};
  for (const repository of (repositories as string[]).filter((name) => name.startsWith(`${prefix}/`))) {
    const { tags } = await readJson(registry, `${repository}/tags/list`).catch(() => ({ tags: [] }));
    for (const tag of (tags ?? []) as string[]) {
      const name = `${repository.slice(prefix.length + 1)}:${tag}`;
      found[name] = describe(await readBytes(registry, `${repository}/manifests/${tag}`));
    }
  }
  return found;
}

const imageType = 'application/vnd.oci.image.manifest.v1+json';
const indexType = 'application/vnd.oci.image.index.v1+json';

interface Described {
  readonly digest: string;
  readonly mediaType: string;
  readonly platform?: { readonly os: string; readonly architecture: string };
}

function describe(bytes: Buffer): unknown {
  const { mediaType, annotations, layers, manifests } = JSON.parse(bytes.toString()) as Readonly<
    Record<string, readonly Described[] | undefined>
  >;
  return {
    digest: digestOf(bytes),
    mediaType,
    ...(annotations && { annotations }),
    ...(layers && { layers: layers.map(({ digest, mediaType: type }) => ({ digest, mediaType: type })) }),
    ...(manifests && {
      manifests: manifests.map(({ digest, platform }) => ({
        digest,
        platform: `${platform?.os}/${platform?.architecture}`,
      })),
    }),
  };
}

async function pushBlob(
  registry: TestRegistry,
  repository: string,
  content: string | Buffer,
): Promise<{ readonly digest: string; readonly size: number }> {
  const bytes = Buffer.from(content);
  const digest = digestOf(bytes);
  const started = await ask(registry, `${repository}/blobs/uploads/`, { method: 'POST' });
  const location = started.headers.get('location')!;
  const body = { method: 'PUT', body: bytes, headers: { 'content-type': 'application/octet-stream' } };
  await ask(registry, `${location}${location.includes('?') ? '&' : '?'}digest=${digest}`, body);
  return { digest, size: bytes.length };
}

async function pushManifest(
  registry: TestRegistry,
  repository: string,
  manifest: { readonly mediaType: string },
  tag?: string,
): Promise<string> {
  const body = JSON.stringify(manifest);
  const digest = digestOf(Buffer.from(body));
  const headers = { 'content-type': manifest.mediaType };
  await ask(registry, `${repository}/manifests/${tag ?? digest}`, { method: 'PUT', body, headers });
  return digest;
}

async function readJson(registry: TestRegistry, path: string): Promise<Record<string, unknown>> {
  return (await (await ask(registry, path)).json()) as Record<string, unknown>;
}

async function readBytes(registry: TestRegistry, path: string): Promise<Buffer> {
  const headers = { accept: `${imageType}, ${indexType}` };
  return Buffer.from(await (await ask(registry, path, { headers })).arrayBuffer());
}

async function ask(
  { host, authorization }: TestRegistry,
  path: string,
  init: RequestInit = {},
): Promise<Response> {
  const headers = { ...(init.headers as Record<string, string>), ...(authorization && { authorization }) };
  const response = await fetch(new URL(path, `http://${host}/v2/`), { ...init, headers });
  if (!response.ok)
    throw new Error(`${init.method ?? 'GET'} ${path}: ${response.status} ${await response.text()}`);
  return response;
}

function digestOf(bytes: Buffer): string {
  return `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
}
