import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { serverPort } from '../../../src/client/cli/server.ts';
import { defaultSettings } from '../../../src/client/settings.ts';
import { openToken } from '../../../src/client/server/token.ts';
import { openWebhookServer, send, token, type WebhookServer } from '../../support/webhook-server.ts';

describe('the server', () => {
  let opened: WebhookServer;
  before(async () => {
    opened = await openWebhookServer([], { publicURL: 'https://gantry.example' });
  });
  after(() => opened.close());

  const json = { 'content-type': 'application/json' };
  const bearer = { authorization: `Bearer ${token}` };
  const requests: readonly (readonly [string, string, string, Record<string, string>, number])[] = [
    ['a health check', 'GET', '/healthz', { host: '10.1.2.3:8235' }, 200],
    ['a readiness check', 'GET', '/readyz', { host: '10.1.2.3:8235' }, 200],
    ['an unknown path', 'GET', '/nothing', {}, 404],
    ['its public name', 'GET', '/nothing', { host: 'gantry.example' }, 404],
    ['localhost', 'GET', '/nothing', { host: 'localhost:1' }, 404],
    ['the loopback of IPv6', 'GET', '/nothing', { host: '[::1]:8235' }, 404],
    ['a foreign name', 'GET', '/nothing', { host: 'evil.example' }, 403],
    ['a foreign name like ours', 'GET', '/nothing', { host: 'localhost.evil.example' }, 403],
    ['its own origin', 'GET', '/nothing', { origin: 'http://localhost:8235' }, 404],
    ['a foreign origin', 'GET', '/nothing', { origin: 'https://evil.example' }, 403],
    ['no origin at all', 'GET', '/nothing', { origin: 'null' }, 403],
    ['a write as a form', 'POST', '/nothing', { ...bearer, 'content-type': 'text/plain' }, 415],
    ['a write without a type', 'DELETE', '/nothing', bearer, 415],
    ['a write without a token', 'POST', '/nothing', json, 401],
    ['a write with another token', 'POST', '/nothing', { ...json, authorization: 'Bearer x' }, 401],
    ['a write', 'POST', '/nothing', { ...json, ...bearer }, 404],
    [
      'a write of another origin',
      'POST',
      '/nothing',
      { ...json, ...bearer, origin: 'http://a.example' },
      403,
    ],
  ];
  for (const [name, method, path, headers, status] of requests) {
    it(`answers ${name} with ${status}`, async () => {
      const answer = await send(opened.server.url, path, {
        method,
        headers,
        body: method === 'GET' ? '' : '{}',
      });
      assert.equal(answer.status, status);
    });
  }

  it('says when Temporal does not answer, and goes on', async () => {
    opened.temporal.down = 'connection refused';
    const { status, body } = await send(opened.server.url, '/readyz', { method: 'GET' });
    assert.equal(status, 503);
    assert.equal(body.message, 'Temporal does not answer: connection refused');
    assert.equal((await send(opened.server.url, '/healthz', { method: 'GET' })).status, 200);
    delete opened.temporal.down;
    assert.equal((await send(opened.server.url, '/readyz', { method: 'GET' })).status, 200);
  });

  it('answers who asks too often', async () => {
    const other = await openWebhookServer([]);
    try {
      const ask = () => send(other.server.url, '/healthz', { method: 'GET' });
      const statuses: number[] = [];
      for (let at = 0; at < 30; at++) {
        const answers = await Promise.all(Array.from({ length: 50 }, ask));
        statuses.push(...answers.map(({ status }) => status));
      }
      assert.equal(statuses.filter((status) => status === 200).length, 1200);
      assert.ok(statuses.every((status) => status === 200 || status === 429));
    } finally {
      await other.close();
    }
  }).timeout(60_000);

  it('stops at once with connections open that nobody uses', async () => {
    const other = await openWebhookServer([]);
    await fetch(`${other.server.url}/healthz`);
    await other.close();
    await assert.rejects(send(other.server.url, '/healthz', { method: 'GET' }), /ECONNREFUSED/);
  });

  it('keeps a token that only its owner may read', async () => {
    const data = await mkdtemp(join(tmpdir(), 'gantry-token-'));
    try {
      const made = await openToken(join(data, 'new'));
      assert.match(made, /^[\w-]{43}$/);
      assert.equal(await openToken(join(data, 'new')), made);
      const file = join(data, 'new/token');
      assert.equal((await stat(file)).mode & 0o777, 0o600);
      assert.equal((await readFile(file, 'utf8')).trim(), made);
      await assert.rejects(openToken('/dev/null'), /cannot be kept in \/dev\/null\/token/);
    } finally {
      await rm(data, { recursive: true });
    }
  });
});

describe('the port of the server', () => {
  const read = (text?: string) =>
    serverPort({ ...defaultSettings({ cwd: '/' }), ...(text !== undefined && { serverPort: text }) });

  it('is a number', () => {
    assert.deepEqual([read(), read('0'), read('8300')], [undefined, 0, 8300]);
    for (const wrong of ['x', '-1', '65536', '80a']) assert.throws(() => read(wrong), /write a port number/);
  });

  it('is not what Kubernetes says of a Service called gantry-server', () => {
    assert.equal(read('tcp://10.0.0.1:80'), undefined);
  });
});
