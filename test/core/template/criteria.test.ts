import assert from 'node:assert/strict';
import type { DiscoveredArtifacts } from '../../../src/core/freight/discovered.ts';
import { evaluateCriteria } from '../../../src/core/template/criteria.ts';

const discovered: DiscoveredArtifacts = {
  git: [
    {
      repoURL: 'https://git.example/app.git',
      commits: [
        { id: 'b2', tag: 'v1.2.0', author: 'Ada <ada@example>', creatorDate: '2025-01-02T03:04:05Z' },
        { id: 'a1' },
      ],
    },
  ],
  images: [
    {
      repoURL: 'registry.example/app',
      references: [{ tag: 'v1.2.0', digest: 'sha256:1', annotations: { team: 'web' } }],
    },
  ],
  charts: [{ repoURL: 'https://charts.example', name: 'app', versions: ['2.0.0', '1.0.0'] }],
  artifacts: [
    {
      subscriptionName: 'models',
      references: [
        { artifactType: 'model', subscriptionName: 'models', version: '7', metadata: { size: 3 } },
      ],
    },
  ],
};

describe('criteria for new Freight', () => {
  const cases: readonly (readonly [string, boolean | RegExp])[] = [
    ['imageFrom("registry.example/app").Tag == commitFrom("git.example/app").Tag', true],
    ['commitFrom("https://git.example/app").ID == "a1"', false],
    ['commitFrom("https://git.example/app").CreatorDate.Year() == 2025', true],
    ['imageFrom("registry.example/app").Annotations.team', /neither true nor false/],
    ['imageFrom("registry.example/app").Annotations.none == ""', true],
    ['imageFrom("other") == nil', true],
    ['imageFrom("other").Tag == "1"', /cannot read Tag of nil/],
    ['chartFrom("https://charts.example", "app").Version matches "^2"', true],
    ['chartFrom("https://charts.example") == nil', true],
    ['artifactFrom("models").Metadata.size == 3', true],
    ['"t"', true],
    ['0', false],
    ['2', /neither true nor false/],
    ['vars.x ?? true', /nothing to read vars from/],
    [' ', /blank/],
    ['imageFrom("registry.example/app").Tga == ""', /no field Tga/],
    ['warehouse("w") == nil', /there is no function warehouse|nothing to read/],
  ];
  for (const [expression, expected] of cases) {
    it(expression, () => {
      if (typeof expected !== 'boolean')
        return assert.throws(() => evaluateCriteria(expression, discovered), expected);
      assert.equal(evaluateCriteria(expression, discovered), expected);
    });
  }
});
