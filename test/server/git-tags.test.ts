import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'yaml';
import { createPromotions, type Promotions } from '../../src/client/promotions.ts';
import type { RunningWorker } from '../../src/worker.ts';
import { createTestRepository, type TestRepository } from '../support/git-repository.ts';
import { createHttpServers } from '../support/http-server.ts';
import { awaitStatus, readSeed, startTestWorker } from '../support/pipeline.ts';
import { useTemporalServer, type TestServer } from '../support/temporal-server.ts';

const original = 'https://github.com/myorg/gitops.git';

describe('the examples of the document on Git tags', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-tags-'));
  let server: TestServer;
  let worker: RunningWorker;
  let promotions: Promotions;

  before(async () => {
    server = await useTemporalServer();
    promotions = createPromotions(await server.client());
    const secrets = join(folder, 'secrets');
    mkdirSync(secrets);
    writeFileSync(join(secrets, 'slack.yaml'), slackSecret);
    const http = { allow: ['loopback'] };
    worker = await startTestWorker(server, folder, { allowSteps: ['bash'], secrets, http });
  });
  after(async () => {
    await worker?.stop();
    rmSync(folder, { recursive: true });
  });

  const promote = async (repository: TestRepository, stage: string, release: Release) => {
    const definitions = readSeed('git-tags.yaml', repository.url, original);
    const request = { project: 'demo', stage, freight: freightOf(release), definitions };
    const status = await awaitStatus(promotions, await promotions.start(request));
    assert.equal(status.phase, 'Succeeded', JSON.stringify(status, null, 1));
    return status;
  };

  it('a tag made and pushed by scripts tells every component', async () => {
    const repository = createRepository(join(folder, 'tags.git'));
    await promote(repository, 'production', first);
    await promote(repository, 'production', second);
    const clone = cloneAnew(repository, join(folder, 'tags'));
    const tags = ['release-production-fe-v2.1.0-be-v3.0.1', 'release-production-fe-v2.2.0-be-v3.0.1'];
    assert.deepEqual(clone.git('tag', '-l').split('\n'), tags);
    const shown = clone.git('show', tags[0]!);
    for (const line of [
      'Production Release',
      'Stage: production',
      '- frontend: v2.1.0 (sha256:' + 'a'.repeat(64) + ')',
      '- backend: v3.0.1 (sha256:' + 'b'.repeat(64) + ')',
      '- helm-chart: 1.4.0',
      `- config: ${'c'.repeat(40)}`,
    ])
      assert.ok(shown.includes(line), `${line}\n${shown}`);
    clone.git('checkout', '-q', tags[0]!);
    const values = parse(readFileSync(join(clone.path, 'manifests/production.yaml'), 'utf8')) as Manifest;
    assert.deepEqual([values.frontend.image.tag, values.backend.image.tag], ['v2.1.0', 'v3.0.1']);
  });

  it('a manifest written by a script is committed and pushed', async () => {
    const repository = createRepository(join(folder, 'manifest.git'));
    await promote(repository, 'manifest', first);
    const [file] =
      repository.git('ls-tree', '--name-only', 'main', 'releases/').match(/production-\S+/) ?? [];
    const manifest = parse(repository.git('show', `main:releases/${file}`)) as Record<string, unknown>;
    assert.equal(manifest['kind'], 'ReleaseManifest');
    assert.deepEqual((manifest['components'] as Record<string, unknown>)['helm'], {
      chart: 'my-chart',
      version: '1.4.0',
    });
  });

  it('the hybrid tags each release and keeps its manifest', async () => {
    const repository = createRepository(join(folder, 'hybrid.git'));
    const status = await promote(repository, 'hybrid', first);
    await promote(repository, 'hybrid', second);
    const clone = cloneAnew(repository, join(folder, 'hybrid'));
    const day = status.startedAt!.slice(0, 10).replaceAll('-', '.');
    const tags = clone.git('tag', '-l').split('\n');
    assert.equal(tags.length, 2);
    assert.equal(tags[0], `v${day}-brave-eagle`);
    assert.match(
      clone.git('show', tags[0]),
      /Freight Alias: brave-eagle[\s\S]*Tag: v2\.1\.0[\s\S]*Name: my-chart/,
    );
    const manifest = JSON.parse(clone.git('show', `main:releases/${tags[0]}.json`)) as {
      version: string;
      components: { frontend: { tag: string } };
    };
    assert.equal(manifest.version, tags[0]);
    assert.equal(manifest.components.frontend.tag, 'v2.1.0');
    clone.git('checkout', '-q', tags[0]);
    assert.match(readFileSync(join(clone.path, 'manifests/production.yaml'), 'utf8'), /tag: v2\.1\.0/);
    assert.equal(
      clone.git('log', '-1', '--format=%an <%ae> %s', 'main'),
      `Kargo <no-reply@kargo.io> Add release manifest for ${tags[1]}`,
    );
  });

  it('a message reaches Slack as it is written', async () => {
    const posts: { readonly authorization: string | undefined; readonly body: string }[] = [];
    const servers = createHttpServers();
    const url = await servers.serve((request, response) => {
      const pieces: Buffer[] = [];
      request.on('data', (piece: Buffer) => pieces.push(piece));
      request.on('end', () => {
        posts.push({
          authorization: request.headers.authorization,
          body: Buffer.concat(pieces).toString('utf8'),
        });
        response.end('{"ok":true,"ts":"1700000000.000100"}');
      });
    });
    try {
      const definitions = readSeed('git-tags.yaml', url, 'https://slack.com');
      const request = { project: 'demo', stage: 'message', freight: freightOf(first), definitions };
      const status = await awaitStatus(promotions, await promotions.start(request));
      assert.equal(status.phase, 'Succeeded', status.message);
      const text =
        '🚀 Production Release Complete\nFreight: brave-eagle\nComponents:\n• Frontend: v2.1.0\n• Backend: v3.0.1\n• Chart: 1.4.0\n';
      assert.deepEqual(
        posts.map(({ authorization, body }) => [authorization, JSON.parse(body) as unknown]),
        [['Bearer xoxb-canary', { text, channel: '#releases' }]],
      );
      assert.doesNotMatch(JSON.stringify(status), /xoxb-canary/);
    } finally {
      await servers.close();
    }
  });

  it('git says why a tag cannot be made twice', async () => {
    const repository = createRepository(join(folder, 'twice.git'));
    await promote(repository, 'production', first);
    const definitions = readSeed('git-tags.yaml', repository.url, original);
    const request = { project: 'demo', stage: 'production', freight: freightOf(first), definitions };
    const status = await awaitStatus(promotions, await promotions.start(request));
    assert.equal(status.phase, 'Failed');
    assert.match(status.message ?? '', /tag 'release-production-fe-v2\.1\.0-be-v3\.0\.1' already exists/);
    assert.match(status.stepExecutionMetadata[3]?.log ?? '', /already exists/);
  });
});

describe('a worker that was not told to run scripts', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-guarded-'));

  it('says so before anything happens', async () => {
    const server = await useTemporalServer();
    const promotions = createPromotions(await server.client());
    const worker = await startTestWorker(server, folder);
    try {
      const repository = createRepository(join(folder, 'guarded.git'));
      const definitions = readSeed('git-tags.yaml', repository.url, original);
      const request = { project: 'demo', stage: 'production', freight: freightOf(first), definitions };
      const end = await promotions.outcome(await promotions.start(request), new AbortController().signal);
      assert.match(
        JSON.stringify(end),
        /\(bash\): this worker does not run steps of this kind; .*--allow-step bash/,
      );
      assert.equal(repository.git('rev-list', '--count', 'main'), '1');
    } finally {
      await worker.stop();
      rmSync(folder, { recursive: true });
    }
  });
});

const slackSecret = `apiVersion: v1
kind: Secret
metadata:
  name: slack-bot
  namespace: demo
stringData:
  token: xoxb-canary
`;

interface Release {
  readonly alias: string;
  readonly frontend: string;
}
const first: Release = { alias: 'brave-eagle', frontend: 'v2.1.0' };
const second: Release = { alias: 'calm-otter', frontend: 'v2.2.0' };

type Manifest = Readonly<Record<'frontend' | 'backend', { readonly image: { readonly tag: string } }>>;

function freightOf({ alias, frontend }: Release) {
  return {
    alias,
    origin: { kind: 'Warehouse', name: 'app' },
    commits: [{ repoURL: 'https://github.com/myorg/config', id: 'c'.repeat(40) }],
    images: [
      { repoURL: 'myapp/frontend', tag: frontend, digest: `sha256:${'a'.repeat(64)}` },
      { repoURL: 'myapp/backend', tag: 'v3.0.1', digest: `sha256:${'b'.repeat(64)}` },
    ],
    charts: [{ repoURL: 'https://charts.example.com', name: 'my-chart', version: '1.4.0' }],
  };
}

function createRepository(path: string): TestRepository {
  const values = 'frontend:\n  image:\n    tag: v0.0.0\nbackend:\n  image:\n    tag: v0.0.0\n';
  const files = { 'manifests/production.yaml': values, 'releases/README.md': 'What was released\n' };
  return createTestRepository(path, { commits: [{ id: 'base', branch: 'main', message: 'Base', files }] });
}

function cloneAnew(repository: TestRepository, path: string) {
  const run = (...args: readonly string[]) =>
    execFileSync('git', args, {
      encoding: 'utf8',
      env: { PATH: process.env['PATH'], HOME: folderOf(path) },
    }).trim();
  run('clone', '-q', repository.url, path);
  return { path, git: (...args: readonly string[]) => run('-C', path, ...args) };
}

function folderOf(path: string): string {
  return join(path, '..');
}
