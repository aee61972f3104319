import assert from 'node:assert/strict';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { findFreePort } from '../../src/dev/ports.ts';

describe('findFreePort', () => {
  let busy: Server;

  beforeEach(async () => {
    busy = createServer();
    await new Promise<void>((resolve) => {
      busy.listen(0, '127.0.0.1', resolve);
    });
  });
  afterEach(() => new Promise((resolve) => busy.close(resolve)));

  it('passes over busy and taken ports', async () => {
    const { port } = busy.address() as AddressInfo;
    const next = await findFreePort(port);
    assert.ok(next > port);
    assert.ok((await findFreePort(port, [next])) > next);
  });

  it('takes any free one for 0', async () => {
    assert.ok((await findFreePort(0)) >= 1024);
  });

  it('rejects when no port is left, naming the remedy', async () => {
    await assert.rejects(
      findFreePort(65_536),
      /ports from 65536 on are all busy: choose another with --port/,
    );
  });
});
