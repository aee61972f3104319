import assert from 'node:assert/strict';
import { ociPush } from '../../../src/activities/steps/oci-push.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { createHttpServers } from '../../support/http-server.ts';
import { openRegistry, pushImage, readTags, type TestRegistry } from '../../support/registry.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';

describe('oci-push', () => {
  const servers = createHttpServers();
  let registry: TestRegistry;
  let other: TestRegistry;
  let rig: StepRig;
  let digest: string;
  before(async () => {
    [registry, other, rig] = [await openRegistry(), await openRegistry(), createStepRig()];
    const layers = [
      { mediaType: 'text/plain', text: 'layer' },
      { mediaType: 'application/octet-stream', text: 'x'.repeat(3 * 1024 * 1024) },
    ];
    digest = await pushImage(registry, 'team/app', { layers }, 'v1');
  });
  after(async () => {
    rig.remove();
    await Promise.all([registry.close(), other.close()]);
  });
  afterEach(() => servers.close());
  const run = (srcRef: string, destRef: string, config: JsonObject = {}) =>
    rig.run(ociPush, { srcRef, destRef, ...config });

  it('copies to another registry, and again without sending anything twice', async () => {
    const destRef = `${other.host}/prod/app:live`;
    for (const _ of [1, 2]) {
      const { output } = await run(`${registry.host}/team/app:v1`, destRef);
      assert.deepEqual(output, { image: destRef, digest, tag: 'live' });
    }
    assert.deepEqual(Object.keys(await readTags(other, 'prod')), ['app:live']);
  });

  it('adds annotations to those that are there, always with the same digest', async () => {
    const annotations = { 'org.x/env': 'prod', 'manifest:org.x/by': 'ada' };
    const digests = [];
    for (const _ of [1, 2]) {
      const { output } = await run(`${registry.host}/team/app:v1`, `${registry.host}/team/app:a`, {
        annotations,
      });
      digests.push((output as { digest: string }).digest);
    }
    assert.equal(digests[0], digests[1]);
    assert.notEqual(digests[0], digest);
  });

  it('leaves the tag where it is when a copy breaks off', async () => {
    await run(`${registry.host}/team/app:v1`, `${other.host}/keep/app:live`);
    const before = await readTags(other, 'keep');
    const layer = { mediaType: 'a', digest: `sha256:${'1'.repeat(64)}`, size: 5 };
    const url = await servers.serve((request, response) => {
      if (!request.url!.includes('/manifests/')) {
        response.end('wrong');
        return;
      }
      response.setHeader('content-type', 'application/vnd.oci.image.manifest.v1+json');
      response.end(JSON.stringify({ schemaVersion: 2, layers: [layer] }));
    });
    await assert.rejects(run(`${new URL(url).host}/a/b:v1`, `${other.host}/keep/app:live`));
    assert.deepEqual(await readTags(other, 'keep'), before);
  });

  it('refuses what is of no kind that can be copied', async () => {
    const url = await servers.serve((_, response) =>
      response
        .setHeader('content-type', 'application/vnd.docker.distribution.manifest.v1+prettyjws')
        .end('{}'),
    );
    const host = new URL(url).host;
    await assert.rejects(run(`${host}/a/b:v1`, `${host}/a/b:v2`), {
      name: 'TerminalError',
      status: 'Errored',
      message: /is of the kind .*prettyjws, which cannot be copied/,
    });
  });

  const wrong: readonly (readonly [string, string, RegExp])[] = [
    ['ghcr.io/A/b:1', 'ghcr.io/a/b:1', /^srcRef: .*names no repository/],
    ['ghcr.io/a/b:1', 'ghcr.io/a/b:-x', /^destRef: .*has the tag "-x"/],
    ['ghcr.io/a/b@sha256:12', 'ghcr.io/a/b:1', /^srcRef: .*ends in no digest/],
  ];
  for (const [srcRef, destRef, message] of wrong) {
    it(`says what is wrong with ${srcRef} to ${destRef}`, async () => {
      await assert.rejects(run(srcRef, destRef), { name: 'TerminalError', status: 'Failed', message });
    });
  }
});
