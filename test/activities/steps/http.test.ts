import assert from 'node:assert/strict';
import type { RequestListener } from 'node:http';
import { connect } from 'node:net';
import { gzipSync } from 'node:zlib';
import { http } from '../../../src/activities/steps/http.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { createHttp } from '../../../src/providers/http/http.ts';
import { createHttpServers } from '../../support/http-server.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';

describe('http', () => {
  let rig: StepRig;
  const servers = createHttpServers();
  beforeEach(() => {
    rig = createStepRig();
  });
  afterEach(async () => {
    rig.remove();
    await servers.close();
  });

  const serve: typeof servers.serve = (listener) => servers.serve(listener);

  const allowing = (...allow: string[]) =>
    createHttp({ policy: { allow }, signal: new AbortController().signal });
  const run = (config: JsonObject, via = allowing('loopback')) => rig.run(http, config, { http: via });

  it('makes outputs of the response, as in the documented example', async () => {
    const facts = [
      { fact_number: 1, fact: 'Kittens have baby teeth.' },
      { fact_number: 2, fact: 'Every day' },
    ];
    const url = await serve((_, response) =>
      response.setHeader('content-type', 'application/json; charset=utf-8').end(JSON.stringify({ facts })),
    );
    const outputs = [
      { name: 'status', fromExpression: 'response.status' },
      { name: 'fact1', fromExpression: 'response.body.facts[0].fact' },
      { name: 'fact2', fromExpression: 'response.body.facts[1]' },
    ];
    const { output } = await run({ method: 'GET', url, outputs });
    assert.deepEqual(output, { status: 200, fact1: 'Kittens have baby teeth.', fact2: facts[1] });
  });

  it('counts a status that is no success, and is Failed when it gives up', async () => {
    const url = await serve((_, response) => response.writeHead(503).end('{"why": "full"}'));
    const config = { url, errorExpression: 'response.body.why' };
    await assert.rejects(run(config), {
      name: 'TransientError',
      message: 'HTTP (503) response met failure criteria: "full"',
    });
  });

  it('waits while both criteria are false, as long as the interval says', async () => {
    const url = await serve((_, response) => response.end('{}'));
    const config = { url, successExpression: 'false', failureExpression: 'false', pollInterval: '2m' };
    await assert.rejects(run(config), { name: 'NotYet', retryIn: 120_000 });
  });

  it('sends nothing when an expression cannot be read', async () => {
    let count = 0;
    const url = await serve((_, response) => void ((count += 1), response.end()));
    const config = {
      url,
      method: 'POST',
      successExpression: 'a b',
      outputs: [{ name: 'x', fromExpression: '(' }],
    };
    await assert.rejects(run(config), {
      name: 'TerminalError',
      message: /^successExpression: .*; outputs\[0\]\.fromExpression: /,
    });
    assert.equal(count, 0);
  });

  describe('refuses addresses', () => {
    const closed = allowing();
    const cases: readonly (readonly [url: string, reason: RegExp])[] = [
      ['http://169.254.169.254/latest/meta-data/', /an address of cloud metadata/],
      ['http://[fe80::1]/', /a link-local address/],
      ['http://127.0.0.1:1/', /a loopback address/],
      ['http://2130706433:1/', /a loopback address/],
      ['http://0x7f.1:1/', /a loopback address/],
      ['http://[::ffff:127.0.0.1]:1/', /a loopback address/],
      ['http://[::]:1/', /a loopback address/],
      ['http://10.0.0.1/', /a private address/],
      ['http://localhost:1/', /localhost \((127\.0\.0\.1|::1)\), a loopback address/],
    ];
    for (const [url, reason] of cases) {
      it(url, () => assert.rejects(run({ url }, closed), { name: 'Error', message: reason }));
    }

    it('of a redirect', async () => {
      let hits = 0;
      const url = await serve((_, response) => {
        hits += 1;
        response.writeHead(302, { location: 'http://169.254.169.254/latest' }).end();
      });
      await assert.rejects(run({ url }), { message: /169\.254\.169\.254, an address of cloud metadata/ });
      assert.equal(hits, 1);
    });

    it('of a proxy that a user names', () =>
      assert.rejects(run({ url: 'http://target.example/', proxy: 'http://169.254.169.254' }), {
        message: /an address of cloud metadata/,
      }));

    it('of this host behind a proxy', async () => {
      const proxy = await serve((_, response) => response.end());
      const { signal } = new AbortController();
      const own = createHttp({ environment: { HTTP_PROXY: proxy }, signal });
      await assert.rejects(run({ url: 'http://a.localhost/' }, own), { message: /loopback/ });
      await run({ url: 'http://target.example/' }, own);
    });

    it('but not those that the operator allows by name', async () => {
      const url = await serve((_, response) => response.end());
      const { port } = new URL(url);
      await run({ url: `http://localhost:${port}/` }, allowing('localhost'));
    });
  });

  describe('keeps secrets from other hosts', () => {
    const secret = [
      { name: 'Authorization', value: 'Bearer t' },
      { name: 'X-Api-Key', value: 'k' },
      { name: 'Cookie', value: 'c=1' },
      { name: 'Accept', value: 'text/plain' },
    ];

    async function redirected(location: (other: string, own: string) => string): Promise<JsonObject> {
      let seen: JsonObject = {};
      const target: RequestListener = ({ headers }, response) => {
        seen = headers as JsonObject;
        response.end();
      };
      const other = await serve(target);
      const url: string = await serve((request, response) => {
        if (request.url === '/b') return target(request, response);
        response.writeHead(307, { location: location(other, url) }).end();
      });
      await run({ url: url.replace('//', '//user:pass@') + '/a', headers: secret }, allowing('loopback'));
      return seen;
    }

    it('that a redirect leads to', async () => {
      const { accept, authorization, cookie, ...headers } = await redirected((other) => other);
      assert.deepEqual(
        [accept, authorization, cookie, headers['x-api-key']],
        ['text/plain', ...Array(3).fill(undefined)],
      );
    });

    it('but takes them along on the same one', async () => {
      const { accept, cookie, ...headers } = await redirected((_, own) => `${own}/b`);
      assert.deepEqual([accept, cookie, headers['x-api-key']], ['text/plain', 'c=1', 'k']);
    });
  });

  it('keeps user, password and query out of messages', () =>
    assert.rejects(run({ url: 'http://user:pass@127.0.0.1:1/a?token=t' }), {
      message: 'GET http://127.0.0.1:1/a: the connection is refused',
    }));

  it('gives up on a server that does not answer, or never ends', async () => {
    const silent = await serve(() => undefined);
    const endless = await serve((_, response) => void response.write('a'));
    for (const url of [silent, endless])
      await assert.rejects(run({ url, timeout: '200ms' }), { message: /: no answer within 200ms$/ });
  });

  it('stops when it is told to', async () => {
    const url = await serve(() => undefined);
    const [controller, reason] = [new AbortController(), new Error('stop')];
    const { signal } = controller;
    setTimeout(() => controller.abort(reason), 50);
    await assert.rejects(
      rig.run(http, { url }, { http: createHttp({ policy: { allow: ['loopback'] }, signal }), signal }),
      reason,
    );
  });

  it('counts the bytes of a compressed answer once they are unpacked', async () => {
    const url = await serve((_, response) =>
      response.setHeader('content-encoding', 'gzip').end(gzipSync(Buffer.alloc(3 * 1024 * 1024, 'x'))),
    );
    await assert.rejects(run({ url }), { message: /more than 2097152 bytes/ });
  });

  it('goes through a proxy by a tunnel to HTTPS', async () => {
    const asked: string[] = [];
    const proxy = await serve((_, response) => response.end());
    servers.last().on('connect', ({ url = '' }, socket) => {
      asked.push(url);
      // Nothing answers there: the tunnel is what is to be seen.
      const upstream = connect(Number(new URL(proxy).port), '127.0.0.1', () => {
        socket.write('HTTP/1.1 200 OK\r\n\r\n');
        upstream.pipe(socket).pipe(upstream);
      });
      socket.on('error', () => upstream.destroy());
      upstream.on('error', () => socket.destroy());
    });
    await assert.rejects(run({ url: 'https://target.example/a', proxy, timeout: '5s' }));
    assert.deepEqual(asked, ['target.example:443']);
  });

  const traits = (config: JsonObject, errorThreshold = 1) => http.traits?.(config, { errorThreshold });
  it('may be repeated where the method may, or the user says so', () => {
    const repeatable = (method: string, threshold?: number) => traits({ method }, threshold)?.repeatable;
    assert.deepEqual(
      ['GET', 'HEAD', 'PUT', 'DELETE'].map((method) => repeatable(method)),
      Array(4).fill(true),
    );
    assert.deepEqual(
      [repeatable('POST'), repeatable('PATCH'), repeatable('${{ vars.m }}')],
      Array(3).fill(false),
    );
    assert.equal(repeatable('POST', 2), true);
    assert.equal(traits({})?.repeatable, true);
  });

  it('needs files only for a body from one', () => {
    assert.equal(traits({ bodyFromFile: 'a' })?.place, 'workspace');
    assert.equal(traits({ body: 'a' })?.place, undefined);
  });
});
