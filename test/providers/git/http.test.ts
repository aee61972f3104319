import assert from 'node:assert/strict';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gitClone } from '../../../src/activities/steps/git-clone.ts';
import { gitCommit } from '../../../src/activities/steps/git-commit.ts';
import { gitPush } from '../../../src/activities/steps/git-push.ts';
import { createSecretFolder } from '../../../src/providers/credentials/secret-folder.ts';
import { createResourceFolder } from '../../../src/providers/resources/resource-folder.ts';
import { openGitServer, type GitServer } from '../../support/git-http-server.ts';
import { createTestRepository, type TestRepository } from '../../support/git-repository.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';

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
  const credentials = () => ({ git: { credentials: createSecretFolder(createResourceFolder(secrets)) } });
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
