import assert from 'node:assert/strict';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { TerminalError } from '../../../src/core/errors.ts';
import type { CredentialQuery, Credentials } from '../../../src/providers/credentials/credentials.ts';
import { HostBusy } from '../../../src/providers/git-hosts/git-host.ts';
import { createGitHosts } from '../../../src/providers/git-hosts/git-hosts.ts';
import { HostMemory } from '../../../src/providers/git-hosts/host-memory.ts';
import type { HostDialect } from '../../../src/providers/git-hosts/host-request.ts';
import { HostSession } from '../../../src/providers/git-hosts/session.ts';
import { createHttp } from '../../../src/providers/http/http.ts';
import { createHttpServers } from '../../support/http-server.ts';

describe('A session with a Git host', function () {
  this.timeout(20_000);
  const servers = createHttpServers();
  const asked: {
    readonly method: string;
    readonly url: string;
    readonly headers: IncomingMessage['headers'];
  }[] = [];
  let url: string;
  let answer: (request: IncomingMessage, response: ServerResponse) => void;

  beforeEach(async () => {
    asked.length = 0;
    url = await servers.serve((request, response) => {
      asked.push({ method: request.method!, url: request.url!, headers: request.headers });
      request.resume();
      answer(request, response);
    });
  });
  afterEach(() => servers.close());

  function open(
    options: {
      memory?: HostMemory;
      allow?: readonly string[];
      dialect?: Partial<HostDialect>;
      signal?: AbortSignal;
    } = {},
  ) {
    const {
      memory = new HostMemory(),
      allow = ['loopback'],
      dialect,
      signal = new AbortController().signal,
    } = options;
    return new HostSession({
      http: createHttp({ policy: { allow }, signal }),
      name: 'git.example/acme/ops',
      apiURL: `${url}/base/api`,
      dialect: { headers: { authorization: 'token s3cret' }, ...dialect },
      secrets: ['s3cret'],
      skipVerify: false,
      memory,
      signal,
      patience: 2_000,
    });
  }

  const json =
    (body: unknown, status = 200, headers: Readonly<Record<string, string>> = {}) =>
    (_: unknown, response: ServerResponse) => {
      response.writeHead(status, { 'content-type': 'application/json', ...headers });
      response.end(JSON.stringify(body));
    };
  const get = { method: 'GET', path: 'repos/acme/ops', purpose: 'reading it' } as const;
  const post = { method: 'POST', path: 'repos/acme/ops/pulls', body: { a: 1 }, purpose: 'opening' } as const;

  it('asks below the base of the API, with the token', async () => {
    answer = json({ a: 1 });
    const { body } = await open().ask({ ...get, query: { state: 'open', page: 2, none: undefined } });
    assert.deepEqual(body, { a: 1 });
    assert.equal(asked[0]?.url, '/base/api/repos/acme/ops?state=open&page=2');
    assert.equal(asked[0].headers.authorization, 'token s3cret');
  });

  it('has an answer confirmed instead of sent again, for the same token alone', async () => {
    answer = (request, response) =>
      request.headers['if-none-match'] === '"1"'
        ? response.writeHead(304).end()
        : json({ a: 1 }, 200, { etag: '"1"', link: '<https://elsewhere/x?page=2>; rel="next"' })(
            request,
            response,
          );
    const memory = new HostMemory();
    for (let i = 0; i < 2; i += 1) {
      const { body, headers } = await open({ memory }).ask(get);
      assert.deepEqual([body, typeof headers['link']], [{ a: 1 }, 'string']);
    }
    assert.equal(asked[1]?.headers['if-none-match'], '"1"');
    await open({ memory, dialect: { headers: { authorization: 'token other' } } }).ask(get);
    assert.equal(asked[2]?.headers['if-none-match'], undefined);
  });

  it('turns pages by their query, whatever the host calls itself', async () => {
    answer = (request, response) => {
      const page = Number(new URL(request.url!, url).searchParams.get('page') ?? 1);
      const link = `<https://internal:3000/api/v1/x?limit=2&page=${page + 1}>; rel="next"`;
      json([page], 200, page < 3 ? { link } : {})(request, response);
    };
    assert.deepEqual(await open().list({ ...get, query: { limit: 2 } }), [1, 2, 3]);
    assert.equal(asked[2]?.url, '/base/api/repos/acme/ops?limit=2&page=3');
  });

  it('ends where a host leads round in circles', async () => {
    answer = json([1], 200, { link: '</x?page=2>; rel="next"' });
    assert.equal((await open().list(get)).length, 200);
  });

  it('follows a redirect on the same host with method and body', async () => {
    let text = '';
    answer = (request, response) => {
      if (request.url !== '/moved') return void response.writeHead(301, { location: '/moved' }).end();
      request.on('data', (piece: Buffer) => (text += piece.toString()));
      request.on('end', () => json({ ok: true })(request, response));
    };
    await open().ask(post);
    assert.deepEqual(
      asked.map(({ method }) => method),
      ['POST', 'POST'],
    );
    assert.equal(text, '{"a":1}');
  });

  it('does not follow one to another host', async () => {
    const other = await servers.serve((_, response) => response.end('{}'));
    answer = (_, response) => void response.writeHead(307, { location: `${other}/x` }).end();
    await assert.rejects(open().ask(get), (error: Error) => {
      assert.ok(error instanceof TerminalError);
      assert.match(error.message, /reading it: the host leads to http:\/\/127.*correct repoURL/);
      return true;
    });
  });

  it('sends again what was refused for being too much, whatever the method', async () => {
    answer = (request, response) =>
      asked.length === 1
        ? json({}, 429, { 'retry-after': '0' })(request, response)
        : json({ ok: true })(request, response);
    await open().ask(post);
    assert.equal(asked.length, 2);
  });

  for (const status of [500, 502, 503]) {
    it(`does not send a POST again after ${status}`, async () => {
      answer = json({ message: 'oops' }, status, { 'retry-after': '0' });
      await assert.rejects(open().ask(post), (error: Error) => {
        assert.ok(!(error instanceof TerminalError));
        assert.equal(error.message, `git.example/acme/ops: opening: oops (status ${status})`);
        return true;
      });
      assert.equal(asked.length, 1);
    });
  }

  it('names the time at which a limit is set back', async () => {
    const reset = String(Math.floor(Date.now() / 1000) + 300);
    answer = json({ message: 'limit' }, 429, { 'x-ratelimit-reset': reset });
    await assert.rejects(open().ask(get), (error: Error) => {
      assert.ok(error instanceof HostBusy);
      assert.ok(error.retryIn > 290_000 && error.retryIn <= 300_000, String(error.retryIn));
      assert.match(error.message, /too many requests for (5m0s|4m5\ds)/);
      return true;
    });
  });

  const refusals: readonly (readonly [string, unknown, number, RegExp])[] = [
    [
      'words of the host',
      { message: 'no\nway', errors: [{ field: 'head', code: 'invalid' }] },
      422,
      /: no way; field: head, code: invalid|no way; .*invalid.*\(status 422\)/,
    ],
    [
      'a token that the host repeats',
      { message: 'token s3cret is bad' },
      401,
      /token \*\*\* is bad \(status 401\).*expired/,
    ],
    ['a status alone', undefined, 418, /reading it: status 418/],
    ['words in lists', { error: { message: ['a', 'b'] } }, 400, /a; b \(status 400\)/],
    ['words without end', { message: 'x'.repeat(5_000) }, 400, /^.{0,600}$/],
  ];
  for (const [title, body, status, says] of refusals) {
    it(`tells ${title}`, async () => {
      answer = json(body, status);
      await assert.rejects(open().ask(get), (error: Error) => {
        assert.ok(error instanceof TerminalError);
        assert.match(error.message, says);
        assert.doesNotMatch(error.message, /s3cret/);
        return true;
      });
    });
  }

  it('says that there is no API where a web page answers', async () => {
    answer = (_, response) => void response.writeHead(200, { 'content-type': 'text/html' }).end('<html>');
    await assert.rejects(
      open().ask(get),
      /answers with a web page: it wants a sign-in, or its API is elsewhere/,
    );
  });

  it('says which setting allows an address that is not public', async () => {
    await assert.rejects(open({ allow: [] }).ask(get), (error: Error) => {
      assert.ok(error instanceof TerminalError);
      assert.match(error.message, /loopback address.*http\.allow/);
      return true;
    });
    assert.equal(asked.length, 0);
  });

  it('ends with the signal, also between two attempts', async () => {
    const controller = new AbortController();
    answer = (request, response) => {
      json({}, 503)(request, response);
      setTimeout(() => controller.abort(new Error('enough')), 50);
    };
    await assert.rejects(open({ signal: controller.signal }).ask(get));
    assert.equal(asked.length, 1);
  });

  describe('finds its token', () => {
    const open = async (
      repoURL: string,
      secrets: Readonly<Record<string, Credentials>>,
      needsToken = false,
    ) => {
      const queries: Omit<CredentialQuery, 'project'>[] = [];
      const { signal } = new AbortController();
      const hosts = createGitHosts({
        http: createHttp({ policy: { allow: ['loopback'] }, signal }),
        async findCredentials(query) {
          queries.push(query);
          return secrets[query.repoURL];
        },
        signal,
        patience: 0,
      });
      await hosts.open(repoURL, { needsToken });
    };
    const ssh = 'git@github.com:acme/ops.git';
    const https = 'https://github.com/acme/ops.git';

    it('by the HTTPS address where Git uses a key', () =>
      open(ssh, { [ssh]: { sshPrivateKey: 'k' }, [https]: { password: 'p' } }, true));

    it('or says that a key alone does not do', () =>
      assert.rejects(
        open(ssh, { [ssh]: { sshPrivateKey: 'k' } }),
        /only an SSH key.*https:\/\/github\.com\/acme\/ops\.git/,
      ));

    it('or does without, where nothing insists', () => open(https, {}));

    it('or says that there is none, where something does', async () => {
      await assert.rejects(open(https, {}, true), /no credentials for https:\/\/github\.com\/acme\/ops/);
      await assert.rejects(open(https, { [https]: { username: 'bot' } }, true), /hold no token/);
    });
  });
});
