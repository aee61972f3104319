import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { explainUnreachable, findTarget, targetOf } from '../../src/client/connect.ts';
import { runGantry } from '../support/cli.ts';
import { openSilentServer } from '../support/silent-server.ts';

describe('finding the server', () => {
  const folder = mkdtempSync(join(tmpdir(), 'gantry-connect-'));
  after(() => rmSync(folder, { recursive: true }));
  const find = (env: NodeJS.ProcessEnv) => findTarget({ data: folder }, { HOME: folder, ...env });

  it('falls back to the usual address', async () => {
    const { address, namespace, origin } = await find({});
    assert.deepEqual(
      { address, namespace, origin },
      { address: 'localhost:7233', namespace: 'default', origin: 'default' },
    );
  });

  it("takes Temporal's own variables", async () => {
    const target = await find({
      TEMPORAL_ADDRESS: 'temporal.example:7233',
      TEMPORAL_NAMESPACE: 'prod',
      TEMPORAL_API_KEY: 'key',
    });
    assert.deepEqual(target, {
      address: 'temporal.example:7233',
      namespace: 'prod',
      origin: 'TEMPORAL_ADDRESS',
      options: { address: 'temporal.example:7233', apiKey: 'key', tls: true },
    });
  });

  it("takes Temporal's own configuration file", async () => {
    const file = join(folder, 'temporal.toml');
    writeFileSync(file, '[profile.default]\naddress = "from.example:7233"\nnamespace = "team"\n');
    const { address, namespace, origin } = await find({ TEMPORAL_CONFIG_FILE: file });
    assert.deepEqual(
      [address, namespace, origin],
      ['from.example:7233', 'team', "Temporal's configuration file"],
    );
  });

  it('says when that file cannot be read', async () => {
    const file = join(folder, 'broken.toml');
    writeFileSync(file, '[profile');
    await assert.rejects(find({ TEMPORAL_CONFIG_FILE: file }), {
      name: 'InvalidInput',
      message: /^Temporal's own configuration cannot be used: /,
    });
  });

  it('keeps namespace and credentials from the environment for the usual address', async () => {
    const { address, namespace } = await find({ TEMPORAL_NAMESPACE: 'mine' });
    assert.deepEqual([address, namespace], ['localhost:7233', 'mine']);
  });

  it('names the data folder of an embedded server', () => {
    const dev = {
      address: '127.0.0.1:7300',
      ui: 'http://127.0.0.1:8300',
      namespace: 'default',
      pid: 1,
      serverVersion: '1.29.1',
      startedAt: '2026-01-01T00:00:00Z',
    };
    assert.deepEqual(targetOf(dev, '/data'), {
      address: '127.0.0.1:7300',
      namespace: 'default',
      ui: 'http://127.0.0.1:8300',
      origin: 'gantry dev in /data',
      options: { address: '127.0.0.1:7300' },
    });
  });
});

describe('connecting', function () {
  this.timeout(10_000);
  const request = ['promote', '--project', 'demo', '--stage', 'test', '--freight', 'amber-otter'];
  const home = mkdtempSync(join(tmpdir(), 'gantry-home-'));
  after(() => rmSync(home, { recursive: true }));

  it('ends with 4 within 5 s, whether nothing listens or nothing answers', async () => {
    const silent = await openSilentServer();
    const silentAddress = `127.0.0.1:${silent.port}`;
    const began = Date.now();
    const ends = await Promise.all(
      ['127.0.0.1:1', silentAddress].map(async (address) => {
        const env = { HOME: home, TEMPORAL_ADDRESS: address };
        return { address, ...(await runGantry(request, { cwd: home, env })) };
      }),
    );
    silent.close();
    assert.ok(Date.now() - began < 5000, `took ${Date.now() - began} ms`);
    for (const { address, code, stdout, stderr } of ends) {
      const message = `^No Temporal server answers at ${address} \\(from TEMPORAL_ADDRESS\\): .*gantry dev`;
      assert.match(stderr, new RegExp(message, 's'));
      assert.deepEqual({ code, stdout }, { code: 4, stdout: '' });
    }
  });

  it('proposes both ways out where nobody named a server', () => {
    const address = 'localhost:7233';
    const target = { address, namespace: 'default', origin: 'default', options: { address } };
    assert.match(
      explainUnreachable(target, new Error('x')),
      /Start one with `gantry dev`, or name yours in TEMPORAL_ADDRESS/,
    );
  });
});
