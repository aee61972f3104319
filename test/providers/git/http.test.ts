import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { gitClone } from '../../../src/activities/steps/git-clone.ts';
import { gitCommit } from '../../../src/activities/steps/git-commit.ts';
import { gitPush } from '../../../src/activities/steps/git-push.ts';
import { createSecretFolder } from '../../../src/providers/credentials/secret-folder.ts';
import { createTestRepository, gitEnvironment, type TestRepository } from '../../support/git-repository.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';
import { toolPath } from '../../support/tools.ts';

const password = 'canary/p%40ss word$(x)"\'';

describe('git over HTTP with a password', () => {
  let rig: StepRig;
  let origin: TestRepository;
  let server: GitServer;
  let secrets: string;

  beforeEach(async () => {
    rig = createStepRig();
    origin = createTestRepository(join(rig.folder, 'srv/ops.git'), {
      commits: [{ id: 'c1', branch: 'main', files: { a: '1\n' }, message: 'one' }],
    });
    server = await openGitServer(join(rig.folder, 'srv'), 'alice', password);
    secrets = join(rig.folder, 'secrets');
    mkdirSync(secrets);
  });
  afterEach(async () => {
    await server.close();
    rig.remove();
  });

  const writeSecret = (secret: string, repoURL = `${server.url}/ops`) =>
    writeFileSync(join(secrets, 'ops.json'), JSON.stringify(secretOf(repoURL, secret)));
  const credentials = () => ({ git: { credentials: createSecretFolder(secrets) } });
  const clone = () =>
    rig.run(
      gitClone,
      { repoURL: `${server.url}/ops.git`, checkout: [{ path: 'src', branch: 'main' }] },
      credentials(),
    );

  it('clones and pushes, and the password is in no argument, file or output', async () => {
    writeSecret(password);
    const watch = watchArguments(password);
    await clone();
    writeFileSync(join(rig.root, 'src/a'), '2\n');
    await rig.run(gitCommit, { path: 'src', message: 'two' }, credentials());
    const outcome = await rig.run(gitPush, { path: 'src', provider: 'gitea' }, credentials());
    const { seen, lookedAt } = watch.stop();
    assert.equal(
      outcome.output?.['commitURL'],
      `${server.url}/ops/commit/${origin.git('rev-parse', 'main')}`,
    );
    assert.equal(server.refused(), server.challenges());
    assert.ok(lookedAt > 0, 'saw no git process at all');
    assert.deepEqual(seen, []);
    assert.deepEqual(filesWith(rig.root, password), []);
    assert.ok(!JSON.stringify(outcome).includes('canary'));
  });

  it('says that the credentials are wrong, without them', async () => {
    writeSecret('canary-wrong');
    const { message } = await clone().then(
      () => new Error('nothing was refused'),
      (error: Error) => error,
    );
    assert.match(message, /\/ops\.git: access is refused; check what the credentials of project demo/);
    assert.ok(!message.includes('canary'));
  });

  it('says what kind of Secret is missing', async () => {
    await assert.rejects(
      clone(),
      /project demo has no credentials for it; add a Secret labelled kargo\.akuity\.io\/cred-type: git/,
    );
  });

  it('tells the password to no other host', async () => {
    const other = await openGitServer(join(rig.folder, 'srv'), 'alice', password);
    try {
      writeSecret(password);
      server.redirectTo(other.url);
      await assert.rejects(clone(), /access is refused/);
      assert.deepEqual(other.passwords(), []);
    } finally {
      await other.close();
    }
  });

  it('says that a repository is not there', async () => {
    writeSecret(password, `${server.url}/nope`);
    const run = rig.run(
      gitClone,
      { repoURL: `${server.url}/nope`, checkout: [{ path: 'src' }] },
      credentials(),
    );
    await assert.rejects(
      run,
      /\/nope: the repository does not exist, or its credentials may not see it; check repoURL/,
    );
  });
});

function secretOf(repoURL: string, secret: string): object {
  const data = { repoURL, username: 'alice', password: secret };
  const encoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value).toString('base64')]);
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'ops', namespace: 'demo', labels: { 'kargo.akuity.io/cred-type': 'git' } },
    data: Object.fromEntries(encoded) as object,
  };
}

/** Looks at the arguments of every process again and again, until stopped. */
function watchArguments(secret: string): { stop(): { seen: string[]; lookedAt: number } } {
  const seen: string[] = [];
  let lookedAt = 0;
  const look = () => {
    for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      const line = readArguments(pid);
      if (line.includes('git')) lookedAt += 1;
      if (line.includes(secret) || line.includes(encodeURIComponent(secret))) seen.push(line);
    }
  };
  const timer = setInterval(look, 5);
  return {
    stop() {
      clearInterval(timer);
      return { seen, lookedAt };
    },
  };
}

function readArguments(pid: string): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, 'utf8');
  } catch {
    return '';
  }
}

function filesWith(folder: string, text: string): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => readFileSync(path).includes(text));
}

interface GitServer {
  readonly url: string;
  /** Requests that were refused, and those of them that came without any password. */
  refused(): number;
  challenges(): number;
  passwords(): readonly string[];
  redirectTo(url: string): void;
  close(): Promise<void>;
}

/** `git http-backend` behind Node's own server on a free port of the loopback, with basic authentication. */
async function openGitServer(root: string, user: string, secret: string): Promise<GitServer> {
  const passwords: string[] = [];
  let refused = 0;
  let challenges = 0;
  let target: string | undefined;
  const server = createServer((request, response) => {
    if (target) return void response.writeHead(302, { location: target + request.url }).end();
    const given = /^Basic (.+)$/.exec(request.headers.authorization ?? '')?.[1];
    const text = given && Buffer.from(given, 'base64').toString();
    if (text) passwords.push(text);
    if (text === `${user}:${secret}`) return serve(root, request, response);
    refused += 1;
    if (!text) challenges += 1;
    response.writeHead(401, { 'www-authenticate': 'Basic realm="test"' }).end();
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    refused: () => refused,
    challenges: () => challenges,
    passwords: () => passwords,
    redirectTo: (url) => (target = url),
    close: () => close(server),
  };
}

function serve(root: string, request: IncomingMessage, response: ServerResponse): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://localhost');
  const backend = spawn(toolPath('git'), ['http-backend'], {
    env: {
      ...gitEnvironment(),
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      PATH_INFO: pathname,
      QUERY_STRING: searchParams.toString(),
      REQUEST_METHOD: request.method ?? 'GET',
      CONTENT_TYPE: request.headers['content-type'] ?? '',
      HTTP_CONTENT_ENCODING: request.headers['content-encoding'] ?? '',
      GIT_PROTOCOL: String(request.headers['git-protocol'] ?? ''),
      REMOTE_USER: 'alice',
    },
  });
  request.pipe(backend.stdin);
  const chunks: Buffer[] = [];
  backend.stdout.on('data', (chunk: Buffer) => chunks.push(chunk));
  backend.on('close', () => answer(Buffer.concat(chunks), response));
}

/** What a CGI program printed, as a response. */
function answer(printed: Buffer, response: ServerResponse): void {
  const end = printed.indexOf('\r\n\r\n');
  const headers = printed
    .subarray(0, end)
    .toString()
    .split('\r\n')
    .map((line) => line.split(': ') as [string, string]);
  const status = headers.find(([name]) => name === 'Status')?.[1] ?? '200';
  response.writeHead(
    Number.parseInt(status, 10),
    Object.fromEntries(headers.filter(([name]) => name !== 'Status')),
  );
  response.end(printed.subarray(end + 4));
}

async function close(server: Server): Promise<void> {
  server.closeAllConnections();
  await new Promise((done) => server.close(done));
}
