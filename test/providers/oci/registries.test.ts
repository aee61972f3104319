import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import type { RequestListener } from 'node:http';
import { splitAnnotations } from '../../../src/core/oci/annotate.ts';
import { parseReference } from '../../../src/core/oci/reference.ts';
import type { CredentialQuery, Credentials } from '../../../src/providers/credentials/credentials.ts';
import { createHttp } from '../../../src/providers/http/http.ts';
import { readBody } from '../../../src/providers/http/read-body.ts';
import { copyArtifact } from '../../../src/providers/oci/copy-artifact.ts';
import { createRegistries, type Registries } from '../../../src/providers/oci/registries.ts';
import { createHttpServers } from '../../support/http-server.ts';
import { openRegistry, pushImage, pushIndex, readTags, type TestRegistry } from '../../support/registry.ts';
import { openTokenRegistry, type TokenRegistry } from '../../support/token-registry.ts';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

type Found = Credentials | undefined;
const signal = new AbortController().signal;
const image = { layers: [{ mediaType: 'text/plain', text: 'a layer' }] };

function open(
  credentials: Found | ((query: Omit<CredentialQuery, 'project'>) => Found),
  patience = 0,
): Registries {
  const http = createHttp({ policy: { allow: ['loopback'] }, signal });
  const findCredentials = async (query: Omit<CredentialQuery, 'project'>) =>
    typeof credentials === 'function' ? credentials(query) : credentials;
  return createRegistries({ http, findCredentials, signal, patience });
}

async function copy(registries: Registries, from: string, to: string): Promise<string> {
  const [source, target] = [parseReference(from), parseReference(to)];
  return copyArtifact({
    source: await registries.open(source),
    version: source.tag!,
    target: await registries.open(target),
    tag: target.tag!,
    annotations: splitAnnotations({}),
    maximum: registries.maximumCopy,
    signal,
  });
}

describe('registries with tokens', () => {
  const servers = createHttpServers();
  let rig: TokenRegistry;
  let digest: string;
  before(async () => {
    rig = await openTokenRegistry(servers, {
      'ada:s3cret-pw': /^repository:(team|prod)\//,
      'bob:other-pw': /^repository:team\/.*:pull$/,
    });
    digest = await pushImage(rig.registry, 'team/app', image, 'v1');
  });
  after(async () => {
    await rig.registry.close();
    await servers.close();
  });
  const at = (rest: string) => `${rig.registry.host}/${rest}`;

  it('shows the credentials to the token service, with service and scope, and the token to the registry', async () => {
    const questions: unknown[] = [];
    const registries = open((query) => {
      questions.push(query);
      return { username: 'ada', password: 's3cret-pw' };
    });
    const repository = await registries.open(parseReference(at('team/app:v1')));
    assert.equal((await repository.readManifest('v1')).digest, digest);
    assert.deepEqual(questions, [{ type: 'image', repoURL: at('team/app') }]);
    assert.deepEqual(rig.asked.at(-1), {
      service: 'tests',
      scopes: ['repository:team/app:pull'],
      user: 'ada',
    });
  });

  it('copies between repositories with the scopes that takes', async () => {
    const registries = open({ username: 'ada', password: 's3cret-pw' });
    assert.equal(await copy(registries, at('team/app:v1'), at('prod/app:live')), digest);
    const scopes = rig.asked.map((question) => question.scopes.join(' '));
    assert.ok(scopes.includes('repository:prod/app:pull,push repository:team/app:pull'), scopes.join('\n'));
    assert.deepEqual(Object.keys(await readTags(rig.registry, 'prod')), ['app:live']);
  });

  it('asks for a new token when the old one is over', async () => {
    const registries = open({ username: 'ada', password: 's3cret-pw' });
    const repository = await registries.open(parseReference(at('team/app:v1')));
    // The registry allows a minute of difference between clocks.
    rig.lifetime = -120;
    await assert.rejects(repository.readManifest('v1'), { message: /refuses the credentials/ });
    rig.lifetime = 300;
    assert.equal((await repository.readManifest('v1')).digest, digest);
  });

  const refusals: readonly (readonly [string, Found, RegExp])[] = [
    ['none', undefined, /wants credentials, and the project has none for this repository/],
    ['wrong', { username: 'ada', password: 'wrong-pw' }, /refuses the credentials of the project/],
  ];
  for (const [name, credentials, message] of refusals) {
    it(`says what is the matter with ${name} credentials, and never says them`, async () => {
      const repository = await open(credentials).open(parseReference(at('team/app:v1')));
      await assert.rejects(repository.readManifest('v1'), (error: Error) => {
        assert.match(error.message, message);
        assert.doesNotMatch(error.message, /wrong-pw/);
        return true;
      });
    });
  }

  it('is refused where the credentials may read but not write', async () => {
    const registries = open({ username: 'bob', password: 'other-pw' });
    await assert.rejects(copy(registries, at('team/app:v1'), at('prod/app:no')), {
      message: /refuses the credentials of the project/,
    });
    assert.deepEqual(Object.keys(await readTags(rig.registry, 'prod')), ['app:live']);
  });
});

describe('registries with user and password', () => {
  let registry: TestRegistry;
  before(async () => {
    registry = await openRegistry((folder) => {
      writeFileSync(
        join(folder, 'users'),
        'ada:$2b$05$abcdefghijklmnopqrstuuzSvhclVSvY9ufOheOOhcPviTPFJlqIC\n',
      );
      return { htpasswd: { realm: 'test', path: join(folder, 'users') } };
    });
    registry.authorization = `Basic ${Buffer.from('ada:s3cret-pw').toString('base64')}`;
    await pushImage(registry, 'team/app', image, 'v1');
  });
  after(() => registry.close());

  it('takes them', async () => {
    const registries = open({ username: 'ada', password: 's3cret-pw' });
    const repository = await registries.open(parseReference(`oci://${registry.host}/team/app:v1`));
    assert.ok((await repository.readManifest('v1')).digest);
  });

  it('refuses others', async () => {
    const registries = open({ username: 'ada', password: 'wrong-pw' });
    const repository = await registries.open(parseReference(`${registry.host}/team/app:v1`));
    await assert.rejects(repository.readManifest('v1'), { message: /refuses the credentials/ });
  });
});

describe('what a registry answers', () => {
  const servers = createHttpServers();
  afterEach(() => servers.close());
  const bytes = Buffer.from('the blob');
  const blob = `sha256:${createHash('sha256').update(bytes).digest('hex')}`;
  const challenge = { 'www-authenticate': 'Basic realm="x"' };
  const hostOf = (url: string) => new URL(url).host;

  it('takes no credentials along when a blob lies elsewhere', async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = await servers.serve((request, response) => {
      seen.push(request.headers.authorization);
      response.end(bytes);
    });
    const shown: (string | undefined)[] = [];
    const url = await servers.serve((request, response) => {
      shown.push(request.headers.authorization);
      if (!request.headers.authorization) {
        response.writeHead(401, challenge).end();
        return;
      }
      // Another port is another host.
      response.writeHead(307, { location: `${elsewhere}/storage` }).end();
    });
    const registries = open({ username: 'ada', password: 's3cret-pw' });
    const repository = await registries.open(parseReference(`${hostOf(url)}/a/b:v1`));
    assert.deepEqual(await repository.openBlob(blob, (answer) => readBody(answer, 1000)), bytes);
    assert.deepEqual(seen, [undefined]);
    assert.match(shown.at(-1)!, /^Basic /);
  });

  it('sends an upload that goes elsewhere without credentials', async () => {
    const seen: (string | undefined)[] = [];
    const elsewhere = await servers.serve((request, response) => {
      seen.push(request.headers.authorization);
      request.resume().on('end', () => response.writeHead(201).end());
    });
    const target: RequestListener = (request, response) => {
      if (!request.headers.authorization) {
        response.writeHead(401, challenge).end();
        return;
      }
      if (request.method === 'HEAD') {
        response.writeHead(404).end();
        return;
      }
      response.writeHead(202, { location: `${elsewhere}/upload?state=1` }).end();
    };
    const source: RequestListener = (_, response) => response.end(bytes);
    const [to, from] = [await servers.serve(target), await servers.serve(source)];
    const registries = open({ username: 'ada', password: 's3cret-pw' });
    const repository = await registries.open(parseReference(`${hostOf(to)}/a/b:v1`));
    await repository.copyBlob(
      blob,
      bytes.length,
      await registries.open(parseReference(`${hostOf(from)}/c:v1`)),
    );
    assert.deepEqual(seen, [undefined]);
  });

  it('does not ask a token service that is less safe than the registry', async () => {
    const url = await servers.serve((_, response) =>
      response.writeHead(401, { 'www-authenticate': 'Bearer realm="ftp://tokens.example/token"' }).end(),
    );
    const repository = await open({ password: 's3cret-pw' }).open(parseReference(`${hostOf(url)}/a/b:v1`));
    await assert.rejects(repository.readManifest('v1'), { message: /token service that is not safe to ask/ });
  });

  it('refuses a manifest that is not what its digest says', async () => {
    const url = await servers.serve((_, response) =>
      response.setHeader('content-type', 'application/vnd.oci.image.manifest.v1+json').end('{}'),
    );
    const repository = await open(undefined).open(parseReference(`${hostOf(url)}/a/b:v1`));
    await assert.rejects(repository.readManifest(blob), {
      message: /sent a manifest with the digest sha256:44136/,
    });
  });

  it('breaks a copy off when a blob is not what its digest says', async () => {
    let received = Buffer.alloc(0);
    const target: RequestListener = (request, response) => {
      if (request.method === 'HEAD') {
        response.writeHead(404).end();
        return;
      }
      if (request.method === 'POST') {
        response.writeHead(202, { location: '/upload' }).end();
        return;
      }
      request.on('data', (piece: Buffer) => (received = Buffer.concat([received, piece])));
      request.on('end', () => response.writeHead(400).end());
    };
    const source: RequestListener = (_, response) => response.end('another!');
    const [to, from] = [await servers.serve(target), await servers.serve(source)];
    const registries = open(undefined);
    const repository = await registries.open(parseReference(`${hostOf(to)}/a/b:v1`));
    const other = await registries.open(parseReference(`${hostOf(from)}/c/d:v1`));
    await assert.rejects(repository.copyBlob(blob, bytes.length, other));
  });

  it('is waited for while it is busy, then counts as an error', async () => {
    let count = 0;
    const manifest = JSON.stringify({ schemaVersion: 2, layers: [] });
    const url = await servers.serve((request, response) => {
      if (request.url === '/v2/') {
        response.end();
        return;
      }
      count += 1;
      if (count < 2) {
        response.writeHead(503).end();
        return;
      }
      response.setHeader('content-type', 'application/vnd.oci.image.manifest.v1+json').end(manifest);
    });
    const reference = parseReference(`${hostOf(url)}/a/b:v1`);
    await (await open(undefined, 30_000).open(reference)).readManifest('v1');
    assert.equal(count, 2);
    count = 0;
    const impatient = await open(undefined).open(reference);
    await assert.rejects(impatient.readManifest('v1'), { message: /reading v1: status 503/ });
  });
});

describe('an index with annotations', () => {
  let registry: TestRegistry;
  before(async () => {
    registry = await openRegistry();
  });
  after(() => registry.close());

  it('goes to another repository with all its images, each annotated', async () => {
    const platforms = ['linux/amd64', 'linux/arm64'].map((platform) => ({ platform, ...image }));
    const before = await pushIndex(registry, 'team/multi', platforms, 'v1');
    const registries = open(undefined);
    const [source, target] = ['team/multi:v1', 'prod/multi:live'].map((text) =>
      parseReference(`${registry.host}/${text}`),
    );
    const digest = await copyArtifact({
      source: await registries.open(source!),
      version: 'v1',
      target: await registries.open(target!),
      tag: 'live',
      annotations: splitAnnotations({ 'index:of': 'index', 'manifest:of': 'image', plain: 'image' }),
      maximum: -1,
      signal,
    });
    const { 'multi:live': found } = (await readTags(registry, 'prod')) as Record<
      string,
      { digest: string; annotations: object; manifests: readonly { digest: string; platform: string }[] }
    >;
    assert.equal(found!.digest, digest);
    assert.deepEqual(found!.annotations, { of: 'index' });
    assert.deepEqual(
      found!.manifests.map(({ platform }) => platform),
      ['linux/amd64', 'linux/arm64'],
    );
    for (const child of found!.manifests) {
      assert.notEqual(child.digest, before.get(child.platform));
      const repository = await registries.open(target!);
      const manifest = JSON.parse((await repository.readManifest(child.digest)).bytes.toString()) as object;
      assert.deepEqual((manifest as { annotations: object }).annotations, { of: 'image', plain: 'image' });
    }
  });
});
