import assert from 'node:assert/strict';
import {
  findArtifact,
  findChart,
  findCommit,
  findImage,
  FreightLookupError,
} from '../../../src/core/freight/find-artifact.ts';
import type { Freight, FreightSet, Origin, Subscriptions } from '../../../src/core/freight/freight.ts';

const a: Origin = { kind: 'Warehouse', name: 'a' };
const b: Origin = { kind: 'Warehouse', name: 'b' };
const app = 'registry.test/app';

function freight(parts: Partial<Freight>): Freight {
  return { name: 'f', alias: 'f', commits: [], images: [], charts: [], artifacts: [], ...parts };
}

function warehouse(origin: Origin, parts: Partial<Subscriptions>): Subscriptions {
  return { origin, git: [], images: [], charts: [], artifacts: [], ...parts };
}

function set(collection: readonly Freight[], warehouses: readonly Subscriptions[] = []): FreightSet {
  const origins = [a, b];
  return { target: collection[0]!, collection, origins, warehouses };
}

const fromA = freight({ origin: a, images: [{ repoURL: app, tag: 'from-a' }] });
const fromB = freight({
  origin: b,
  images: [
    { repoURL: app, tag: 'from-b' },
    { repoURL: 'registry.test/only-b', tag: 'b1' },
  ],
});

describe('artifacts of Freight whose Warehouses are defined', () => {
  const both = set(
    [fromA, fromB],
    [warehouse(a, { images: [app] }), warehouse(b, { images: [app, 'registry.test/only-b'] })],
  );

  it('takes the only Warehouse that subscribes', () => {
    assert.equal(findImage(both, 'registry.test/only-b')?.tag, 'b1');
  });
  it('wants an origin when two subscribe, and lists them', () => {
    assert.throws(() => findImage(both, app), {
      name: 'FreightLookupError',
      message:
        /Warehouse a: from-a; Warehouse b: from-b.*imageFrom\('registry.test\/app', warehouse\('NAME'\)\)/,
    });
  });
  it('takes the origin that is named', () => assert.equal(findImage(both, app, b)?.tag, 'from-b'));
  it('finds nothing of an origin that is not in the collection', () => {
    assert.equal(findImage(set([fromA]), app, b), undefined);
  });
  it('finds nothing that nobody subscribes to, charts included', () => {
    assert.equal(findImage(both, 'registry.test/none'), undefined);
    assert.equal(findChart(both, 'https://charts.test', 'none'), undefined);
  });
  it('is in doubt when one Warehouse subscribes twice', () => {
    const twice = set([fromA], [warehouse(a, { images: [app, app] })]);
    assert.throws(() => findImage(twice, app), FreightLookupError);
    assert.equal(findImage(twice, app, a)?.tag, 'from-a');
  });
  it('compares images to the letter and Git URLs in normal form', () => {
    const commits = [{ repoURL: 'https://git.test/org/app.git', id: '0123abc' }];
    const one = set([freight({ origin: a, commits })], [warehouse(a, { git: ['https://git.test/org/app'] })]);
    assert.equal(findImage(both, 'Registry.test/only-b'), undefined);
    assert.equal(findCommit(one, 'HTTPS://Git.test/Org/App.git/')?.id, '0123abc');
    assert.equal(findCommit(one, 'git.test/org/app')?.id, '0123abc');
    assert.equal(findCommit(one, 'git@git.test:org/app.git'), undefined);
  });
});

describe("artifacts of Freight whose Warehouses nobody defined: the promotion's own is searched", () => {
  it('takes the one match', () => assert.equal(findImage(set([fromA]), app)?.tag, 'from-a'));
  it('takes the same match of several origins', () => {
    assert.equal(findImage(set([fromA, { ...fromA, origin: b }]), app)?.tag, 'from-a');
  });
  it('is in doubt between different matches', () => {
    assert.throws(() => findImage(set([fromA, fromB]), app), FreightLookupError);
  });
  it('also when Freight names no Warehouse at all', () => {
    const { origin: _, ...images } = fromA;
    assert.equal(findImage(set([images]), app)?.tag, 'from-a');
  });
  it('beside a Warehouse that is defined', () => {
    const mixed = set([fromA, fromB], [warehouse(a, { images: ['registry.test/other'] })]);
    assert.equal(findImage(mixed, app)?.tag, 'from-b');
  });
});

describe('charts', () => {
  const classic = { repoURL: 'https://charts.test', name: 'web', version: '1.0.0' };
  const oci = { repoURL: 'oci://reg.test/charts/api', version: '2.0.0' };
  const charts = [classic, oci];
  const watched = set([freight({ origin: a, charts })], [warehouse(a, { charts })]);
  const cases: readonly (readonly [string, string | undefined, string | undefined])[] = [
    ['https://charts.test', 'web', '1.0.0'],
    ['oci://reg.test/charts/api', undefined, '2.0.0'],
    ['https://charts.test', undefined, '1.0.0'],
    ['web', undefined, '1.0.0'],
    ['api', undefined, '2.0.0'],
    ['https://charts.test', 'api', undefined],
    ['nothing', undefined, undefined],
  ];
  for (const [repoURL, name, version] of cases) {
    it(`finds ${version ?? 'nothing'} for (${[repoURL, name].filter(Boolean).join(', ')})`, () => {
      assert.equal(findChart(watched, repoURL, name)?.version, version);
      assert.equal(findChart(watched, repoURL, name, a)?.version, version);
    });
  }
  it('lists the charts of a repository that has several', () => {
    const two = set([freight({ origin: a, charts: [classic, { ...classic, name: 'db' }] })]);
    assert.throws(() => findChart(two, 'https://charts.test'), /web 1\.0\.0.*db 1\.0\.0/);
  });
});

describe('generic artifacts', () => {
  it('are found by the name of their subscription', () => {
    const artifacts = [{ artifactType: 'x', subscriptionName: 'models', version: '7' }];
    const watched = set([freight({ origin: a, artifacts })], [warehouse(a, { artifacts: ['models'] })]);
    assert.equal(findArtifact(watched, 'models')?.version, '7');
    assert.equal(findArtifact(watched, 'other'), undefined);
  });
});
