import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { httpDownload } from '../../../src/activities/steps/http-download.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { createHttpServers } from '../../support/http-server.ts';
import { readTree, writeCaseFiles } from '../../support/step-case-files.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';

describe('http-download', () => {
  const servers = createHttpServers();
  let rig: StepRig;
  beforeEach(() => {
    rig = createStepRig();
  });
  afterEach(async () => {
    rig.remove();
    await servers.close();
  });

  const run = (config: JsonObject, again = false) =>
    rig.run(httpDownload, { outPath: 'f', ...config }, { again });
  const content = () => readFileSync(join(rig.root, 'f'));

  it('stores compressed bytes as they are', async () => {
    const zipped = gzipSync('data');
    const url = await servers.serve((_, response) =>
      response.setHeader('content-encoding', 'gzip').end(zipped),
    );
    await run({ url });
    assert.deepEqual(content(), zipped);
  });

  it('takes only a file with the checksum that is wanted', async () => {
    const url = await servers.serve((_, response) => response.end('data'));
    const sum = createHash('sha256').update('data').digest('hex');
    await run({ url, checksum: `sha256:${sum.toUpperCase()}` });
    const other = { url, outPath: 'g', checksum: `sha256:${'0'.repeat(64)}` };
    await assert.rejects(run(other), { message: new RegExp(`has the checksum sha256:${sum}, not the one`) });
    assert.deepEqual([...readTree(rig.root).keys()], ['f']);
  });

  it('leaves the old file when the transfer breaks, and nothing else', async () => {
    writeCaseFiles(rig.root, { f: 'old' });
    const url = await servers.serve((_, response) => {
      response.setHeader('content-length', '100').write('part');
      setTimeout(() => response.destroy(), 20);
    });
    await assert.rejects(run({ url, allowOverwrite: true }), { name: 'Error', message: /^GET http:/ });
    assert.deepEqual([[...readTree(rig.root).keys()], content().toString()], [['f'], 'old']);
  });

  it('takes the place of what its own attempt wrote before it was cut off', async () => {
    const url = await servers.serve((_, response) => response.end('new'));
    writeCaseFiles(rig.root, { f: 'old' });
    await assert.rejects(run({ url }), { name: 'TerminalError', message: /set allowOverwrite to true/ });
    await run({ url }, true);
    assert.equal(content().toString(), 'new');
  });

  it('stays in the workspace', async () => {
    const url = await servers.serve((_, response) => response.end('x'));
    await run({ url, outPath: '../../f' });
    assert.equal(content().toString(), 'x');
    await assert.rejects(run({ url, outPath: '..', allowOverwrite: true }), { name: 'TerminalError' });
  });
});
