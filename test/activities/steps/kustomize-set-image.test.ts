import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { kustomizeSetImage } from '../../../src/activities/steps/kustomize-set-image.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { runStepCase, type StepCase } from '../../support/step-case.ts';

/** What we do better than the recorded run: layout, line ends and everything not asked for stay as they are. */
const better = ['comments', 'indent', 'crlf'].map((name) => `kustomize-set-image/${name}`);

const file =
  'images:\n  # the app\n  - name: ghcr.io/acme/web\n    newTag: v1 # current\n  - name: db\n    newTag: "9"\n';

describe('kustomize-set-image: recorded runs', () => {
  const text = readFileSync(new URL('../../cases/step-cases.jsonl', import.meta.url), 'utf8');
  const cases = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as StepCase);
  for (const one of cases.filter(({ step, id }) => step === 'kustomize-set-image' && !better.includes(id))) {
    it(`${one.id}: ${one.why}`, async () =>
      assert.deepEqual(await runStepCase(one, [kustomizeSetImage]), []));
  }
});

describe('kustomize-set-image', () => {
  const freight = [
    {
      name: 'f1',
      origin: { kind: 'Warehouse', name: 'w' },
      images: [{ repoURL: 'ghcr.io/acme/web', tag: 'v5', digest: 'sha256:cd' }],
    },
    {
      name: 'f2',
      origin: { kind: 'Warehouse', name: 'x' },
      images: [
        { repoURL: 'ghcr.io/acme/api', tag: 'v7' },
        { repoURL: 'pinned', digest: 'sha256:ee' },
      ],
    },
    {
      name: 'f3',
      origin: { kind: 'Warehouse', name: 'y' },
      images: [{ repoURL: 'ghcr.io/acme/api', tag: 'v8' }],
    },
  ];
  const set = (...images: readonly JsonObject[]) => ({ path: 'env', images });
  const changed = (tag: string) => file.replace('newTag: v1', tag);

  it('changes the tag alone: comments, order and layout stay, the message names what was set', () =>
    runs(
      set({ image: 'ghcr.io/acme/web', tag: 'v2' }),
      'Updated env to use new image\n\n- ghcr.io/acme/web:v2',
      changed('newTag: v2'),
    ));

  it('takes the tag from the Freight when none is given', () =>
    runs(
      set({ image: 'ghcr.io/acme/web' }),
      'Updated env to use new image\n\n- ghcr.io/acme/web:v5',
      changed('newTag: v5'),
    ));

  it('takes the digest instead with useDigest, the tag goes', () =>
    runs(
      set({ image: 'ghcr.io/acme/web', useDigest: true }),
      'Updated env to use new image\n\n- ghcr.io/acme/web@sha256:cd',
      changed('digest: sha256:cd'),
    ));

  it('takes the digest when the Freight knows no tag', () =>
    runs(
      set({ image: 'pinned', name: 'db' }),
      'Updated env to use new image\n\n- db@sha256:ee',
      file.replace('newTag: "9"', 'digest: sha256:ee'),
    ));

  it('takes the image of one origin', () =>
    runs(
      set({ image: 'ghcr.io/acme/api', name: 'db', fromOrigin: { kind: 'Warehouse', name: 'y' } }),
      'Updated env to use new image\n\n- db:v8',
      file.replace('"9"', '"v8"'),
    ));

  const failures: readonly (readonly [
    title: string,
    config: JsonObject,
    message: RegExp,
    files?: Record<string, string>,
  ])[] = [
    ['an image of several origins', set({ image: 'ghcr.io/acme/api' }), /ghcr\.io\/acme\/api.*\bx\b.*\by\b/s],
    ['an image the Freight does not have', set({ image: 'other' }), /^image other is not in the Freight$/],
    [
      'an image its origin does not have',
      set({ image: 'ghcr.io/acme/web', fromOrigin: { kind: 'Warehouse', name: 'x' } }),
      /^image ghcr\.io\/acme\/web is not in the Freight of Warehouse x$/,
    ],
    [
      'a digest the Freight does not know',
      set({ image: 'ghcr.io/acme/api', fromOrigin: { kind: 'Warehouse', name: 'x' }, useDigest: true }),
      /^the Freight knows no digest of image ghcr\.io\/acme\/api$/,
    ],
    ['all images, when two origins have one', { path: 'env' }, /ghcr\.io\/acme\/api/],
    [
      'two kustomization files',
      set({ image: 'a', tag: '1' }),
      /holds kustomization\.yaml and Kustomization: only one/,
      { 'env/Kustomization': file },
    ],
    [
      'a path to the file',
      { ...set({ image: 'a', tag: '1' }), path: 'env/kustomization.yaml' },
      /holds none of .*: it is a file, name its folder$/,
    ],
    [
      'a file that is no YAML',
      set({ image: 'a', tag: '1' }),
      /^kustomization file of "env": line \d+, column \d+: /,
      { 'env/kustomization.yaml': 'a: [\n' },
    ],
  ];
  for (const [title, config, message, files] of failures) {
    it(`changes nothing and explains: ${title}`, async () => {
      const [, text] = await runStepCase(
        {
          ...base,
          given: { ...base.given, files: { ...base.given.files, ...files } },
          config,
          expect: { status: 'Succeeded' },
        },
        [kustomizeSetImage],
      );
      assert.match(/got false \((.*)\)$/s.exec(text!)![1]!, message);
    });
  }

  it('leaves the file alone when the Freight has no images', async () => {
    const one = {
      ...base,
      given: { files: base.given.files },
      config: { path: 'env' },
      expect: { status: 'Succeeded' },
    };
    assert.deepEqual(await runStepCase(one, [kustomizeSetImage]), []);
  });

  const base = {
    id: 'own',
    step: 'kustomize-set-image',
    why: '',
    given: { files: { 'env/kustomization.yaml': file }, freight } as {
      files: Record<string, string>;
      freight?: typeof freight;
    },
  };

  async function runs(config: JsonObject, commitMessage: string, text: string): Promise<void> {
    const expect = {
      status: 'Succeeded',
      output: { commitMessage },
      files: { 'env/kustomization.yaml': text },
    };
    assert.deepEqual(await runStepCase({ ...base, config, expect }, [kustomizeSetImage]), []);
  }
});
