import assert from 'node:assert/strict';
import { createPublicKey, createVerify, generateKeyPairSync } from 'node:crypto';
import { TerminalError } from '../../../src/core/errors.ts';
import type {
  CredentialQuery,
  CredentialSource,
  GitHubApp,
} from '../../../src/providers/credentials/credentials.ts';
import { createGitHosts } from '../../../src/providers/git-hosts/git-hosts.ts';
import { withAppTokens } from '../../../src/providers/git-hosts/github-app.ts';
import { createHttp } from '../../../src/providers/http/http.ts';
import { openGitHub, type GitHubServer } from './github-server.ts';
import { installationToken, problem } from './github-wire.ts';

describe('Tokens of GitHub Apps', function () {
  this.timeout(20_000);
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const app: GitHubApp = {
    id: 'Iv1.8a61f9b3a7aba766',
    installation: '42',
    privateKey: privateKey.export({ type: 'pkcs1', format: 'pem' }).toString(),
  };
  const http = createHttp({ policy: { allow: ['loopback'] }, signal: new AbortController().signal });
  let github: GitHubServer;
  let now: number;
  let fetched: unknown[];

  beforeEach(async () => {
    github = await openGitHub();
    now = Date.now();
    fetched = [];
    github.routes.push({
      method: 'POST',
      path: /^\/app\/installations\/(\d+)\/access_tokens$/,
      isOpen: true,
      answer({ token = '', body }, [, installation]) {
        if (installation !== '42') return { status: 404, body: problem('Not Found', 404) };
        if (!isSigned(token))
          return { status: 401, body: problem('A JSON web token could not be decoded', 401) };
        fetched.push(body);
        const made = `ghs_${fetched.length}_made`;
        github.tokens.set(made, ['repo']);
        return { status: 201, body: installationToken(made, new Date(now + 60 * 60_000)) };
      },
    });
  });

  afterEach(() => github.close());

  function isSigned(token: string): boolean {
    const [header, claims, signature] = token.split('.');
    const said = JSON.parse(Buffer.from(claims!, 'base64url').toString()) as Record<string, number | string>;
    const isRight = createVerify('RSA-SHA256')
      .update(`${header}.${claims}`)
      .verify(createPublicKey(publicKey.export({ type: 'spki', format: 'pem' })), signature!, 'base64url');
    const isShort = Number(said['exp']) - Number(said['iat']) <= 600;
    return isRight && isShort && said['iss'] === app.id;
  }

  function source(githubApp: GitHubApp = app): CredentialSource {
    const { signal } = new AbortController();
    return withAppTokens(
      { find: async () => ({ githubApp }) },
      { http, signal, patience: 0, now: () => now },
    );
  }

  const query = (type: CredentialQuery['type'] = 'git'): CredentialQuery => ({
    project: 'demo',
    type,
    repoURL: `${github.url}/acme/ops.git`,
  });

  it('take the place of the App, for the one repository', async () => {
    const found = await source().find(query());
    assert.deepEqual(found, { username: 'x-access-token', password: 'ghs_1_made' });
    assert.deepEqual(fetched, [{ repositories: ['ops'] }]);
  });

  it('open the API', async () => {
    const { signal } = new AbortController();
    const apps = source();
    const hosts = createGitHosts({
      http,
      findCredentials: (asked) => apps.find({ ...asked, project: 'demo' }),
      signal,
    });
    const repository = await hosts.open(`${github.url}/acme/ops.git`, { provider: 'github' });
    assert.deepEqual(await repository.listOpenPullRequests(), []);
  });

  it('are fetched once, also for many at a time, and again before they end', async () => {
    const apps = source();
    await Promise.all([apps.find(query()), apps.find(query()), apps.find(query())]);
    now += 54 * 60_000;
    await apps.find(query());
    assert.equal(fetched.length, 1);
    now += 2 * 60_000;
    const found = await Promise.all([apps.find(query()), apps.find(query())]);
    assert.deepEqual(
      found.map((one) => one?.password),
      ['ghs_2_made', 'ghs_2_made'],
    );
    assert.equal(fetched.length, 2);
  });

  it('leave other credentials and other uses alone', async () => {
    const { signal } = new AbortController();
    const other = withAppTokens({ find: async () => ({ password: 'p' }) }, { http, signal });
    assert.deepEqual(await other.find(query()), { password: 'p' });
    assert.deepEqual(await source().find(query('image')), {});
    assert.deepEqual(await source().find({ ...query(), repoURL: 'file:///srv/ops.git' }), {});
    assert.deepEqual(fetched, []);
  });

  const refusals = [
    {
      title: 'a key that is none',
      app: { ...app, privateKey: '-----BEGIN RSA PRIVATE KEY-----\nc2VjcmV0\n-----END RSA PRIVATE KEY-----' },
      says: /githubAppPrivateKey.*PEM/,
    },
    {
      title: 'an installation that is not there',
      app: { ...app, installation: '7' },
      says: /installation 7.*404/,
    },
    { title: 'another App', app: { ...app, id: '99' }, says: /GitHub App 99.*JSON web token.*401/ },
  ];
  for (const { title, app: wrong, says } of refusals) {
    it(`${title}: says so, without the key, and is tried anew next time`, async () => {
      const apps = source(wrong);
      for (let attempt = 0; attempt < 2; attempt += 1) {
        await assert.rejects(apps.find(query()), (error: Error) => {
          assert.ok(error instanceof TerminalError);
          assert.match(error.message, says);
          assert.doesNotMatch(error.message, /c2VjcmV0|eyJ|BEGIN/);
          return true;
        });
      }
    });
  }
});
