import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { defaultPayloadConverter } from '@temporalio/common';
import { createCodec } from '../../src/encryption/codec.ts';
import {
  openCodecServer,
  type CodecServer,
  type CodecServerOptions,
} from '../../src/encryption/codec-server.ts';
import { parseKeys } from '../../src/encryption/keys.ts';
import { formatPayloads } from '../../src/encryption/payload-json.ts';

const keys = parseKeys(`k1:${randomBytes(32).toString('base64')}`, 'test');
const origin = 'http://localhost:8233';

describe('codec endpoint', () => {
  const open: CodecServer[] = [];
  const start = async (options: Partial<CodecServerOptions> = {}) => {
    const server = await openCodecServer({ keys, host: '127.0.0.1', port: 0, origins: [origin], ...options });
    open.push(server);
    return server.url;
  };
  afterEach(async () => {
    await Promise.all(open.splice(0).map((server) => server.close()));
  });

  const plain = formatPayloads([defaultPayloadConverter.toPayload({ a: 'canary' })]);
  const json = { 'content-type': 'application/json' };

  it('encodes and decodes', async () => {
    const url = await start();
    const encoded = await ask(`${url}/encode`, { headers: json, body: plain });
    assert.equal(encoded.status, 200);
    assert.ok(!encoded.text.includes(Buffer.from('canary').toString('base64').slice(0, 6)));
    const decoded = await ask(`${url}/some/namespace/decode`, {
      headers: { ...json, 'x-namespace': 'default' },
      body: encoded.text,
    });
    assert.deepEqual(JSON.parse(decoded.text), JSON.parse(plain));
  });

  it('gives back what it cannot open', async () => {
    const other = parseKeys(`k2:${randomBytes(32).toString('base64')}`, 'test');
    const foreign = formatPayloads(await createCodec(other, 'throw').encode([{ data: Buffer.from('x') }]));
    const { status, text } = await ask(`${await start()}/decode`, { headers: json, body: foreign });
    assert.deepEqual([status, JSON.parse(text)], [200, JSON.parse(foreign)]);
  });

  it('lets the pages of the Web UI ask, and tells browsers so', async () => {
    const url = await start();
    const asked = await ask(`${url}/decode`, {
      method: 'OPTIONS',
      headers: { origin, 'access-control-request-method': 'POST' },
    });
    assert.deepEqual([asked.status, asked.headers['access-control-allow-origin']], [204, origin]);
    assert.match(asked.headers['access-control-allow-headers'] ?? '', /x-namespace/);
    assert.equal((await ask(`${url}/decode`, { headers: { ...json, origin }, body: plain })).status, 200);
  });

  for (const [title, options, status, message] of [
    [
      'pages of others',
      { headers: { ...json, origin: 'http://evil.example' } },
      403,
      /pages of http:\/\/evil\.example may not ask/,
    ],
    [
      'questions of their browsers',
      { method: 'OPTIONS', headers: { origin: 'null' }, body: '' },
      403,
      /pages of null/,
    ],
    [
      'another name of this machine',
      { headers: { ...json, host: 'evil.example:80' } },
      403,
      /under the name of this machine/,
    ],
    ['forms', { headers: { 'content-type': 'text/plain' } }, 415, /application\/json/],
    ['GET', { method: 'GET', headers: json, body: '' }, 405, /POST/],
    ['what is no JSON', { headers: json, body: '{' }, 400, /payloads/],
    ['what holds no payloads', { headers: json, body: '{"payloads":[1]}' }, 400, /payloads/],
    ['too much', { headers: json, body: 'x'.repeat(9 * 1024 * 1024) }, 413, /at most/],
  ] as const) {
    it(`refuses ${title}`, async () => {
      const answer = await ask(`${await start()}/decode`, { body: plain, ...options });
      assert.equal(answer.status, status);
      assert.match(answer.text, message);
      assert.equal(answer.headers['access-control-allow-origin'], undefined);
    });
  }

  it('refuses other paths, and whoever lacks the token', async () => {
    const url = await start({ token: 'a-token-of-some-length' });
    const status = async (path: string, headers: object) =>
      (await ask(url + path, { headers: { ...json, ...headers }, body: plain })).status;
    assert.equal(await status('/keys', { authorization: 'Bearer a-token-of-some-length' }), 404);
    assert.equal(await status('/decode', {}), 401);
    assert.equal(await status('/decode', { authorization: 'Bearer another-token-as-long' }), 401);
    assert.equal(await status('/decode', { authorization: 'Bearer a-token-of-some-length' }), 200);
  });
});

interface Question {
  readonly method?: string;
  readonly headers?: object;
  readonly body?: string;
}

/** Unlike fetch it sends any Host and Origin. */
function ask(url: string, { method = 'POST', headers = {}, body = '' }: Question) {
  return new Promise<{ status: number; text: string; headers: Record<string, string | undefined> }>(
    (resolve, reject) => {
      const asked = request(url, { method, headers: headers as Record<string, string> }, (response) => {
        let text = '';
        response.setEncoding('utf8').on('data', (chunk: string) => (text += chunk));
        response.on('end', () =>
          resolve({
            status: response.statusCode ?? 0,
            text,
            headers: response.headers as Record<string, string>,
          }),
        );
      });
      asked.on('error', reject);
      asked.end(body);
    },
  );
}
