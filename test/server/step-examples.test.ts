import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseAllDocuments } from 'yaml';
import { createPromotions, type Promotions } from '../../src/client/promotions.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';
import type { RunningWorker } from '../../src/worker.ts';
import { createTestRepository, type TestRepository } from '../support/git-repository.ts';
import { createHttpServers } from '../support/http-server.ts';
import { awaitStatus, startTestWorker } from '../support/pipeline.ts';
import { packTar } from '../support/tar.ts';
import { useTemporalServer } from '../support/temporal-server.ts';

describe('the examples of steps in both documents', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-step-examples-'));
  const servers = createHttpServers();
  const requests: Request[] = [];
  let outside: string;
  let worker: RunningWorker;
  let promotions: Promotions;

  before(async () => {
    outside = await serveOutside(servers, requests);
    const server = await useTemporalServer();
    promotions = createPromotions(await server.client());
    const secrets = join(folder, 'secrets');
    mkdirSync(secrets);
    writeFileSync(join(secrets, 'slack.yaml'), slackSecret);
    worker = await startTestWorker(server, folder, { secrets, http: { allow: ['loopback'] } });
  });
  after(async () => {
    await worker?.stop();
    await servers.close();
    rmSync(folder, { recursive: true });
  });

  /** Promotes with the example as a Stage, over a repository of its own. */
  async function promote(example: string): Promise<Promoted> {
    const repository = createRepository(join(folder, `${example}.git`), outside);
    const definitions = [readExample(example, repository.url, outside)];
    const request = { project: 'demo', stage: 'test', freight: freightOf(repository, outside), definitions };
    const status = await awaitStatus(promotions, await promotions.start(request));
    assert.equal(status.phase, 'Succeeded', JSON.stringify(status, null, 1));
    const show = (path: string) => repository.git('show', `stage/test:${path}`);
    return { status, repository, show };
  }

  const rendered: Readonly<Record<string, (promoted: Promoted) => void>> = {
    'git-clone': ({ show }) => assert.match(show('deployment.yaml'), /my\/image:0\.0\.0/),
    'git-clear': ({ show }) => assert.equal(show('new.yaml'), 'new: 1'),
    copy: ({ show }) => assert.match(show('manifests.yaml'), /namespace: from-overlay/),
    delete: ({ repository }) =>
      assert.deepEqual(
        [
          repository.git('ls-tree', '-r', '--name-only', 'stage/test').split('\n'),
          repository.git('log', '-1', '--format=%s', 'stage/test'),
        ],
        [['wanted/deployment.yaml', 'wanted/kustomization.yaml'], 'Kargo made some changes'],
      ),
    'kustomize-set-image': ({ show }) => assert.match(show('manifests.yaml'), /image: my\/image:1\.27\.0/),
    'kustomize-build': ({ show }) => assert.match(show('manifests.yaml'), /namespace: app-test/),
    'helm-update-image': ({ show }) =>
      assert.match(show('manifests.yaml'), /image: my\/image:1\.27\.0 in test/),
    'json-update': ({ show }) => assert.equal(show('settings.json'), '{\n  "image": { "tag": "1.27.0" }\n}'),
    'yaml-update': ({ show }) => assert.match(show('manifests.yaml'), /image: my\/image:1\.27\.0 in test/),
    'helm-update-chart': ({ show }) => assert.match(show('Chart.yaml'), /^ {4}version: 1\.2\.4$/m),
    'helm-template': ({ show }) => assert.match(show('manifests.yaml'), /image: my\/image:v0 in test/),
    'git-commit': ({ repository, show }) => {
      assert.match(show('app-test-deployment-web.yaml'), /my\/image:1\.27\.0/);
      const message = repository.git('log', '-1', '--format=%B', 'stage/test');
      assert.equal(message, 'Updated ./src/base to use new image\n\n- my/image:1.27.0\n');
    },
    'git-push': ({ repository, status }) => {
      const branch = `kargo/promotion/${status.name}`;
      const commit = repository.git('rev-parse', branch);
      assert.deepEqual(status.state?.['push'], { branch, commit });
    },
    http: ({ status }) =>
      assert.deepEqual(status.state?.['cat-facts'], { status: 200, fact1: 'Teeth.', fact2: 'Homes.' }),
    'compose-output': ({ status }) => {
      const { body, authorization } = requests.at(-1)!;
      assert.equal(authorization, 'Bearer xoxb-canary');
      const link = 'https://github.com/example/repo/pull/42';
      assert.deepEqual(status.state?.['pr-link'], { url: link });
      const text = { type: 'mrkdwn', text: `A new PR has been opened: ${link}` };
      assert.deepEqual(JSON.parse(body), { channel: 'C123456', blocks: [{ type: 'section', text }] });
      assert.doesNotMatch(JSON.stringify(status), /xoxb-canary/);
    },
    'http-post': ({ status }) => {
      const { url, body, type } = requests.at(-1)!;
      assert.deepEqual([url, type], ['/api/releases', 'application/json']);
      const { timestamp, ...release } = JSON.parse(body) as JsonObject & { timestamp: string };
      assert.match(timestamp, /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
      assert.deepEqual(release, {
        stage: 'test',
        freight: status.freight?.name,
        components: {
          frontend: { tag: 'v2.1.0', digest: 'sha256:f1' },
          backend: { tag: 'v3.0.1', digest: 'sha256:b1' },
        },
      });
    },
  };
  for (const [example, check] of Object.entries(rendered))
    it(`do what they say: ${example}`, async () => check(await promote(example)));

  it('are all here', () => {
    const names = parseAllDocuments(seed).map((document) => document.get('example'));
    assert.deepEqual(names, Object.keys(rendered));
  });
});

interface Promoted {
  readonly status: PromotionStatus;
  readonly repository: TestRepository;
  readonly show: (path: string) => string;
}

interface Request {
  readonly url: string;
  readonly body: string;
  readonly type: string | undefined;
  readonly authorization: string | undefined;
}

const seed = readFileSync(fileURLToPath(new URL('../seeds/steps.yaml', import.meta.url)), 'utf8');

function readExample(name: string, repository: string, outside: string): JsonObject {
  const text = seed
    .replaceAll('https://github.com/example/repo.git', repository)
    .replaceAll('https://example-chart-repo', `${outside}/charts`)
    .replaceAll(/https:\/\/(www\.catfacts\.net|slack\.com|your-release-tracker\.com)/g, outside);
  const documents = parseAllDocuments(text).map((document) => document.toJS() as JsonObject);
  const { example: _, ...spec } = documents.find(({ example }) => example === name)!;
  return {
    apiVersion: 'kargo.akuity.io/v1alpha1',
    kind: 'Stage',
    metadata: { name: 'test' },
    spec: {
      requestedFreight: ['base', 'test-overlay'].map((warehouse) => ({
        origin: { kind: 'Warehouse', name: warehouse },
        sources: { direct: true },
      })),
      promotionTemplate: { spec },
    },
  };
}

/** Two pieces: what the examples of one repository need, and the overlay for the one that combines two. */
function freightOf({ url, commits }: TestRepository, outside: string): Json {
  const piece = (name: string, more: JsonObject, commit?: string) => ({
    origin: { kind: 'Warehouse', name },
    ...(commit && { commits: [{ repoURL: url, id: commit }] }),
    ...more,
  });
  const base = {
    images: [
      { repoURL: 'my/image', tag: '1.27.0' },
      { repoURL: 'myapp/frontend', tag: 'v2.1.0', digest: 'sha256:f1' },
      { repoURL: 'myapp/backend', tag: 'v3.0.1', digest: 'sha256:b1' },
    ],
    charts: [{ repoURL: `${outside}/charts`, name: 'some-chart', version: '1.2.4' }],
  };
  const pieces = [piece('base', base, commits.get('base'))];
  return url.endsWith('/copy.git') ? [...pieces, piece('test-overlay', {}, commits.get('overlay'))] : pieces;
}

function createRepository(path: string, outside: string): TestRepository {
  const chart = (name: string, rest = '') =>
    `apiVersion: v2\nname: ${name}\ntype: application\nversion: 0.1.0\n${rest}`;
  const dependency = `dependencies:\n  - repository: ${outside}/charts\n    name: some-chart\n    version: 1.2.3\n`;
  const files = {
    'base/kustomization.yaml': 'resources:\n  - deployment.yaml\n',
    'base/deployment.yaml': deployment,
    'stages/test/kustomization.yaml': 'namespace: app-test\nresources:\n  - ../../base\n',
    'charts/my-chart/Chart.yaml': chart('my-chart'),
    'charts/my-chart/values.yaml': 'image:\n  tag: v0\nplace: nowhere\n',
    'charts/my-chart/test-values.yaml': 'place: test\n',
    'charts/my-chart/templates/note.yaml': 'image: my/image:{{ .Values.image.tag }} in {{ .Values.place }}\n',
    'charts/parent/Chart.yaml': chart('example', dependency),
    'configs/settings.json': '{\n  "image": { "tag": "v0" }\n}\n',
  };
  const overlay = 'namespace: from-overlay\nresources:\n  - ../../base\n';
  return createTestRepository(path, {
    commits: [
      { id: 'base', branch: 'main', message: 'Base', files },
      {
        id: 'overlay',
        branch: 'overlays',
        from: 'none',
        message: 'Overlay',
        files: { 'stages/test/kustomization.yaml': overlay },
      },
    ],
  });
}

/** Whatever the examples reach that is no repository: charts, facts about cats, and two that take messages. */
async function serveOutside(
  servers: ReturnType<typeof createHttpServers>,
  requests: Request[],
): Promise<string> {
  const archive = packTar({
    gzip: true,
    entries: [{ name: 'some-chart/Chart.yaml', text: 'apiVersion: v2\nname: some-chart\nversion: 1.2.4\n' }],
  });
  const entry = { name: 'some-chart', apiVersion: 'v2', version: '1.2.4', urls: ['some-chart-1.2.4.tgz'] };
  const index = JSON.stringify({ apiVersion: 'v1', entries: { 'some-chart': [entry] } });
  const facts = JSON.stringify({ facts: [{ fact: 'Teeth.' }, { fact: 'Homes.' }] });
  return servers.serve((request, response) => {
    const { url = '', headers } = request;
    const pieces: Buffer[] = [];
    request.on('data', (piece: Buffer) => pieces.push(piece));
    request.on('end', () => {
      const body = Buffer.concat(pieces).toString();
      requests.push({ url, body, type: headers['content-type'], authorization: headers.authorization });
      if (url.endsWith('.tgz')) response.end(archive);
      else response.end(url.endsWith('index.yaml') ? index : url === '/api/' ? facts : '{"ok":true}');
    });
  });
}

const slackSecret = `apiVersion: v1
kind: Secret
metadata:
  name: slack
  namespace: demo
stringData:
  token: xoxb-canary
`;

const deployment = `apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  template:
    spec:
      containers:
        - name: web
          image: my/image:0.0.0
`;
