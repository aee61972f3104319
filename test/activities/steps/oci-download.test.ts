import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ociDownload } from '../../../src/activities/steps/oci-download.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { createHttpServers } from '../../support/http-server.ts';
import { openRegistry, pushImage, type TestRegistry } from '../../support/registry.ts';
import { readTree, writeCaseFiles } from '../../support/step-case-files.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';

describe('oci-download', () => {
  const servers = createHttpServers();
  let registry: TestRegistry;
  let rig: StepRig;
  before(async () => {
    registry = await openRegistry();
    const layers = ['one', 'two'].map((text) => ({ mediaType: `text/${text}`, text }));
    await pushImage(registry, 'team/app', { layers }, 'v1');
  });
  after(async () => registry.close());
  beforeEach(() => {
    rig = createStepRig();
  });
  afterEach(async () => {
    rig.remove();
    await servers.close();
  });
  const run = (config: JsonObject = {}, again = false) =>
    rig.run(ociDownload, { imageRef: `${registry.host}/team/app:v1`, outPath: 'f', ...config }, { again });
  const content = (name = 'f') => readFileSync(join(rig.root, name), 'utf8');

  it('takes the layer of a media type, or names those that are there', async () => {
    await run({ mediaType: 'text/two' });
    assert.equal(content(), 'two');
    await assert.rejects(run({ mediaType: 'text/three', outPath: 'g' }), {
      message: /has no layer of the media type text\/three, only text\/one, text\/two$/,
    });
  });

  it('takes the place of what its own attempt wrote before it was cut off', async () => {
    writeCaseFiles(rig.root, { f: 'old' });
    await assert.rejects(run(), { name: 'TerminalError', message: /set allowOverwrite to true/ });
    await run({}, true);
    assert.equal(content(), 'one');
  });

  it('stays in the workspace', async () => {
    await run({ outPath: '../../f' });
    assert.equal(content(), 'one');
    await assert.rejects(run({ outPath: '..', allowOverwrite: true }), { name: 'TerminalError' });
  });

  it('keeps the old file when a layer is not what its digest says, or is too large', async () => {
    writeCaseFiles(rig.root, { f: 'old' });
    const digest = `sha256:${'0'.repeat(64)}`;
    let size = 5;
    const url = await servers.serve((request, response) => {
      if (!request.url!.includes('/manifests/')) {
        response.end('wrong');
        return;
      }
      response.setHeader('content-type', 'application/vnd.oci.image.manifest.v1+json');
      response.end(JSON.stringify({ schemaVersion: 2, layers: [{ mediaType: 'a', digest, size }] }));
    });
    const config = { imageRef: `${new URL(url).host}/a/b:v1`, allowOverwrite: true };
    await assert.rejects(run(config), { message: /not the one that is wanted/ });
    size = 100 * 1024 * 1024 + 1;
    await assert.rejects(run(config), { name: 'TerminalError', message: /the layer has 104857601 bytes/ });
    assert.deepEqual([content(), [...readTree(rig.root).keys()]], ['old', ['f']]);
  });

  it('says which part of a reference no registry knows', async () => {
    await assert.rejects(run({ imageRef: `${registry.host}/Team/app:v1` }), {
      name: 'TerminalError',
      message: /^imageRef: ".*\/Team\/app:v1" names no repository: lower case/,
    });
  });

  it('is refused addresses that are not allowed', async () => {
    const { createHttp } = await import('../../../src/providers/http/http.ts');
    const { createRegistries } = await import('../../../src/providers/oci/registries.ts');
    const { signal } = new AbortController();
    const http = createHttp({ signal });
    const registries = createRegistries({ http, findCredentials: async () => undefined, signal });
    const config = { imageRef: `${registry.host}/team/app:v1`, outPath: 'f' };
    await assert.rejects(rig.run(ociDownload, config, { registries }), {
      message: /connections to 127\.0\.0\.1, a loopback address, are not allowed/,
    });
  });
});
