import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { helmUpdateImage } from '../../../src/activities/steps/helm-update-image.ts';
import type { Freight } from '../../../src/core/freight/freight.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { writeCaseFiles } from '../../support/step-case-files.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';

const repoURL = 'ghcr.io/acme/web';
const values =
  '# values\nimage:\n  tag: v1 # now\n  digest: "sha256:0"\nlist:\n- image: a:1\na.b: {tag: x}\n';

function freightOf(name: string, tag: string | undefined): Freight {
  const image = { repoURL, digest: 'sha256:ee', ...(tag && { tag }) };
  const origin = { kind: 'Warehouse', name } as const;
  return { name, alias: name, origin, commits: [], images: [image], charts: [], artifacts: [] };
}

describe('helm-update-image', () => {
  let rig: StepRig;
  beforeEach(() => {
    rig = createStepRig();
    writeCaseFiles(rig.root, { 'values.yaml': values });
  });
  afterEach(() => rig.remove());
  const text = () => readFileSync(join(rig.root, 'values.yaml'), 'utf8');
  const run = (images: readonly JsonObject[], collection: readonly Freight[] = [freightOf('one', 'v2')]) =>
    rig.run(
      helmUpdateImage,
      { path: 'values.yaml', images },
      { freight: { target: collection[0]!, collection, origins: [], warehouses: [] } },
    );

  const cases: readonly (readonly [string, string, string, string, string])[] = [
    ['Tag', 'image.tag', 'tag: v1', 'tag: v2', ':v2'],
    ['Digest', 'image.digest', '"sha256:0"', '"sha256:ee"', '@sha256:ee'],
    ['ImageAndTag', 'list[0].image', 'a:1', `${repoURL}:v2`, ':v2'],
    ['ImageAndTag', 'list.0.image', 'a:1', `${repoURL}:v2`, ':v2'],
    ['ImageAndDigest', 'a\\.b.tag', '{tag: x}', `{tag: ${repoURL}@sha256:ee}`, '@sha256:ee'],
  ];
  for (const [value, key, old, now, shown] of cases) {
    it(`writes ${value} at ${key}, and nothing else`, async () => {
      const { output } = await run([{ image: repoURL, key, value }]);
      assert.equal(text(), values.replace(old, now));
      assert.deepEqual(output, {
        commitMessage: `Updated values.yaml to use new image\n\n- ${repoURL}${shown}`,
      });
    });
  }

  it('lists several images in the order of the config', async () => {
    const { output } = await run([
      { image: repoURL, key: 'image.tag', value: 'Tag' },
      { image: repoURL, key: 'image.digest', value: 'Digest' },
    ]);
    const lines = [`- ${repoURL}:v2`, `- ${repoURL}@sha256:ee`].join('\n');
    assert.deepEqual(output, { commitMessage: `Updated values.yaml to use new images\n\n${lines}` });
  });

  it('takes the image of an origin', async () => {
    const collection = [freightOf('one', 'v2'), freightOf('two', 'v3')];
    await assert.rejects(run([{ image: repoURL, key: 'image.tag', value: 'Tag' }], collection), {
      name: 'FreightLookupError',
    });
    const fromOrigin = { kind: 'Warehouse', name: 'two' };
    await run([{ image: repoURL, key: 'image.tag', value: 'Tag', fromOrigin }], collection);
    assert.match(text(), /tag: v3 # now/);
  });

  const refused: readonly (readonly [JsonObject, RegExp])[] = [
    [{ image: 'other', key: 'image.tag', value: 'Tag' }, /image other is not in the Freight$/],
    [{ image: repoURL, key: 'image.nope', value: 'Tag' }, /values\.yaml: .*image\.nope does not exist/],
    [
      { image: repoURL, key: 'image..tag', value: 'Tag' },
      /images\[1\]\.key: key "image\.\.tag": a part is empty/,
    ],
    [{ image: repoURL, key: 'image.tag', value: 'tag' }, /is not one of Digest/],
  ];
  for (const [image, message] of refused) {
    it(`changes nothing when one is wrong: ${JSON.stringify(image)}`, async () => {
      await assert.rejects(run([{ image: repoURL, key: 'image.tag', value: 'Tag' }, image]), { message });
      assert.equal(text(), values);
    });
  }

  it('says when the Freight has no tag', async () => {
    await assert.rejects(
      run([{ image: repoURL, key: 'image.tag', value: 'Tag' }], [freightOf('one', undefined)]),
      {
        message: `the Freight knows no tag of image ${repoURL}`,
      },
    );
  });
});
