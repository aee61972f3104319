import assert from 'node:assert/strict';
import { copyFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { createHttp } from '../../../src/providers/http/http.ts';

describe('whom HTTPS trusts', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-authorities-'));
  const file = join(folder, 'trusted.crt');
  const servers: Server[] = [];
  after(async () => {
    for (const server of servers) {
      server.closeAllConnections();
      await new Promise((done) => server.close(done));
    }
    rmSync(folder, { recursive: true });
  });

  it('is nobody whom Node does not know', () => assert.rejects(ask('one', {}), /self[- ]signed certificate/));

  it('is whom the file names', async () => {
    trust('one');
    assert.equal(await ask('one', { SSL_CERT_FILE: file }), 'one');
    await assert.rejects(ask('other', { SSL_CERT_FILE: file }), /self[- ]signed certificate/);
  });

  it('changes with the file', async () => {
    trust('other');
    assert.equal(await ask('other', { SSL_CERT_FILE: file }), 'other');
    await assert.rejects(ask('one', { SSL_CERT_FILE: file }), /self[- ]signed certificate/);
  });

  it('does not matter to who asks not to verify', async () =>
    assert.equal(await ask('one', {}, true), 'one'));

  it('is unknown while the file is not there', () =>
    assert.rejects(
      ask('one', { SSL_CERT_FILE: join(folder, 'none') }),
      /: SSL_CERT_FILE of the worker cannot be read$/,
    ));

  function trust(name: string): void {
    copyFileSync(certificate(`${name}.crt`), file);
  }

  /** What a server with that certificate answers. */
  async function ask(name: string, environment: Record<string, string>, skipVerify = false): Promise<string> {
    const [key, cert] = [`${name}.key`, `${name}.crt`].map((own) => readFileSync(certificate(own)));
    const server = createServer({ key, cert }, (_request, response) => response.end(name));
    servers.push(server);
    await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
    const url = new URL(`https://127.0.0.1:${(server.address() as AddressInfo).port}`);
    const { signal } = new AbortController();
    const http = createHttp({ policy: { allow: ['loopback'] }, environment, signal });
    return http.send({ method: 'GET', url, timeout: 5000, skipVerify }, async ({ body }) => {
      const pieces: Buffer[] = [];
      for await (const piece of body) pieces.push(piece);
      return Buffer.concat(pieces).toString();
    });
  }
});

/** Of the tests alone: they trust nobody but 127.0.0.1 and localhost. */
function certificate(name: string): string {
  return fileURLToPath(new URL(`certificates/${name}`, import.meta.url));
}
