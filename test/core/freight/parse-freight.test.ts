import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { locateInInput } from '../../../src/core/fields.ts';
import { freightAlias } from '../../../src/core/freight/freight-alias.ts';
import { parseFreight } from '../../../src/core/freight/parse-freight.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { formatProblem } from '../../../src/core/problem.ts';

const locate = locateInInput('freight');
const sha1 = (text: string) => createHash('sha1').update(text).digest('hex');

function problemsOf(object: JsonObject): readonly string[] {
  return parseFreight(object, locate).problems.map(formatProblem);
}

describe('Freight', () => {
  const origin = { kind: 'Warehouse', name: 'main' };
  const digest = 'sha256:aa';
  const names: readonly (readonly [string, JsonObject, string])[] = [
    [
      'a commit',
      { commits: [{ repoURL: 'https://Git.test/Org/App.git', id: 'abc' }] },
      'https://git.test/org/app:abc',
    ],
    [
      'a tagged commit',
      { commits: [{ repoURL: 'git@h:o/r', id: 'abc', tag: 'v1' }] },
      'ssh://git@h/o/r:v1:abc',
    ],
    ['an image, as written', { images: [{ repoURL: 'Reg/App', tag: 'v1', digest }] }, `Reg/App:v1@${digest}`],
    ['an image without digest', { images: [{ repoURL: 'app', tag: 'v1' }] }, 'app:v1@'],
    [
      'a chart',
      { charts: [{ repoURL: 'https://charts.test', name: 'web', version: '1' }] },
      'https:/charts.test/web:1',
    ],
    ['an OCI chart', { charts: [{ repoURL: 'oci://reg.test/Web', version: '1' }] }, 'reg.test/web:1'],
    ['an artifact', { artifacts: [{ artifactType: 't', subscriptionName: 's', version: '1' }] }, 't:s:1'],
    ['a subscription name', { images: [{ repoURL: 'app', tag: 'v1', subscriptionName: 's' }] }, 'app:v1@:s'],
    [
      'several, sorted',
      {
        images: [
          { repoURL: 'z', tag: '1' },
          { repoURL: 'B', tag: '1' },
        ],
        commits: [{ repoURL: 'ssh://a', id: '1' }],
      },
      'B:1@|ssh://a:1|z:1@',
    ],
  ];
  for (const [what, parts, hashed] of names) {
    it(`is named by Kargo's hash: ${what}`, () => {
      const { freight, problems } = parseFreight({ origin, ...parts }, locate);
      assert.deepEqual(problems, []);
      assert.equal(freight?.name, sha1(`Warehouse/main:${hashed}`));
    });
  }

  it('keeps a name and an alias that are given', () => {
    const { freight } = parseFreight({ name: 'f1', alias: 'proud-panda' }, locate);
    assert.equal(freight?.name, 'f1');
    assert.equal(freight?.alias, 'proud-panda');
  });

  it('reads a Kargo manifest, its alias label, and passes over what it does not know', () => {
    const manifest = {
      apiVersion: 'kargo.akuity.io/v1alpha1',
      kind: 'Freight',
      metadata: { name: 'f1', labels: { 'kargo.akuity.io/alias': 'proud-panda' } },
      origin,
      images: [{ repoURL: 'app', tag: 'v1', annotations: { k: 'v' } }],
      commits: null,
      status: { verifiedIn: {} },
      future: 1,
    };
    const { freight, problems } = parseFreight(manifest, locate);
    assert.deepEqual(freight, {
      name: 'f1',
      alias: 'proud-panda',
      origin,
      commits: [],
      images: [{ repoURL: 'app', tag: 'v1', annotations: { k: 'v' } }],
      charts: [],
      artifacts: [],
    });
    assert.deepEqual(
      problems.map(({ severity }) => severity),
      ['warning'],
    );
  });

  it('takes the origin it is offered, and only when it has none', () => {
    const parts = { images: [{ repoURL: 'app', tag: 'v1' }] };
    const other = { kind: 'Warehouse', name: 'other' } as const;
    assert.equal(parseFreight(parts, locate, other).freight?.origin?.name, 'other');
    assert.equal(parseFreight({ ...parts, origin }, locate, other).freight?.origin?.name, 'main');
  });

  const wrong: readonly (readonly [JsonObject, RegExp])[] = [
    [{}, /^input: freight\.name: Freight needs a name, or at least one artifact$/],
    [{ name: 'F 1' }, /freight\.name: Freight name "F 1" must be lower-case/],
    [{ name: 'f', imags: [] }, /freight\.imags: unknown field "imags", did you mean "images"\?/],
    [
      { images: [{ repoURL: 'app', tag: 1.2 }] },
      /freight\.images\[0\]\.tag: "tag" must be text, not a number: put it in quotes/,
    ],
    [{ images: [{ repoURL: 'app' }] }, /freight\.images\[0\]\.tag: image app needs a "tag" or a "digest"/],
    [{ commits: [{ repoURL: 'r' }] }, /freight\.commits\[0\]\.id: "id" is missing: the SHA/],
    [{ charts: ['x'] }, /freight\.charts\[0\]: item 0 of "charts" must be an object/],
    [
      { name: 'f', origin: { kind: 'Warehose', name: 'x' } },
      /freight\.origin\.kind: .*did you mean "Warehouse"\?/,
    ],
  ];
  for (const [object, expected] of wrong) {
    it(`refuses ${JSON.stringify(object)}`, () => {
      const problems = problemsOf(object);
      assert.equal(problems.length, 1, problems.join('\n'));
      assert.match(problems[0]!, expected);
    });
  }
});

describe('derived aliases', () => {
  it('are adjective and animal, and stay the same', () => {
    // Pinned: people know Freight by these.
    assert.equal(freightAlias('f5f87aa23c9e97f43eb83dd63768ee41f5ba3766'), 'sage-wren');
    assert.equal(freightAlias('f1'), 'crimson-buffalo');
  });
});
