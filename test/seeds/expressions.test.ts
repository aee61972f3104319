import assert from 'node:assert/strict';
import { evaluateExpression } from '../../src/core/expression/expression.ts';
import { encodeJson } from '../../src/core/expression/format/json.ts';
import { createFunctionTable } from '../../src/core/expression/function.ts';
import { Dict, fromJson } from '../../src/core/expression/values.ts';
import type { Freight } from '../../src/core/freight/freight.ts';
import type { Json, JsonObject } from '../../src/core/json.ts';
import { createEnvironment, type Lookups } from '../../src/core/promotion/environment.ts';
import type { Scope } from '../../src/core/promotion/step-run.ts';
import { evaluateConfig, type TextField } from '../../src/core/template/config.ts';
import { checkTemplate } from '../../src/core/template/template.ts';

const tags: Freight = {
  name: 'f5f87aa23c9e97f43eb83dd63768ee41f5ba3766',
  alias: 'brave-eagle',
  origin: { kind: 'Warehouse', name: 'apps' },
  commits: [
    { repoURL: 'https://github.com/myorg/config.git', id: 'c0ffee1' },
    { repoURL: 'https://github.com/example/repo.git', id: 'a1b2c3d' },
  ],
  images: [
    { repoURL: 'myapp/frontend', tag: 'v2.1.0', digest: 'sha256:f1' },
    { repoURL: 'myapp/backend', tag: 'v3.0.1', digest: 'sha256:b1' },
    { repoURL: 'my/image', tag: '1.27.0' },
  ],
  charts: [
    { repoURL: 'https://charts.example.com', name: 'my-chart', version: '4.5.6' },
    { repoURL: 'https://example-chart-repo', name: 'some-chart', version: '1.2.4' },
  ],
  artifacts: [],
};

/** Two Warehouses offer revisions of one repository. */
const combined = ['base', 'test-overlay'].map((name): Freight => {
  const commit = { repoURL: 'https://github.com/example/repo.git', id: `head-of-${name}` };
  return {
    ...tags,
    name,
    alias: name,
    origin: { kind: 'Warehouse', name },
    commits: [commit],
    images: [],
    charts: [],
  };
});

const vars = {
  gitRepo: 'https://github.com/example/repo.git',
  gitopsRepo: 'https://github.com/myorg/gitops.git',
  imageRepo: 'my/image',
  chartRepo: 'https://example-chart-repo',
  repoURL: 'https://github.com/example/repo',
  // As the document shows the tag: one word.
  releaseTag:
    "release-${{ ctx.stage }}-fe-${{ imageFrom('myapp/frontend').Tag }}-be-${{ imageFrom('myapp/backend').Tag }}",
  releaseVersion: "v${{ timestamp('2006.01.02') }}-${{ ctx.freight.alias }}",
  var1: 'value1',
  var2: '${{ outputs.step1.someOutput }}',
};

const lookups: Partial<Lookups> = {
  secret: (name) => (name === 'slack' ? { token: 'xoxb-1' } : undefined),
  freightMetadata: (name) => (name === tags.name ? { productionReleaseTag: 'release-1' } : undefined),
};

const scope: Scope = {
  identity: {
    name: 'production.01j.f5f87aa',
    project: 'demo',
    stage: 'production',
    workflowId: 'w',
    firstRunId: 'r',
    startedAt: '2025-01-15T23:59:58Z',
  },
  alias: 'step',
  promotionVars: Object.entries(vars)
    .filter(([name]) => name !== 'var2')
    .map(([name, value]) => ({ name, value })),
  stepVars: [{ name: 'var2', value: vars.var2 }],
  outputs: {
    alias: { someOutput: 'some' },
    step1: { someOutput: 'other' },
    commit: { commit: 'd00d1e' },
    push: { branch: 'kargo/promotion/x', commit: 'd00d1e' },
    'open-pr': { prNumber: 42 },
    'pr-link': { url: 'https://github.com/example/repo/pull/42' },
  },
  records: [],
  freight: { target: tags, collection: [tags], origins: [], warehouses: [] },
  startedAt: '2025-01-16T00:00:03Z',
};

function evaluate(text: string, field?: TextField, more: Partial<Scope> = {}): Json | undefined {
  const environment = createEnvironment(
    { ...scope, ...more },
    { place: 'config', lookups: lookups as Lookups },
  );
  return evaluateConfig({ text }, environment, () => field)['text'];
}

/** What a template comes to in a field that holds text. */
function textOf(text: string): string {
  const value = evaluate(text, 'text');
  return typeof value === 'string' ? value : assert.fail('no text');
}

describe('expressions of the document on tags', () => {
  const table: readonly (readonly [string, Json])[] = [
    ['${{ ctx.stage }}', 'production'],
    ['${{ ctx.freight.name }}', tags.name],
    ['${{ ctx.freight.alias }}', 'brave-eagle'],
    ["${{ imageFrom('myapp/frontend').Tag }}", 'v2.1.0'],
    ["${{ imageFrom('myapp/frontend').Digest }}", 'sha256:f1'],
    ["${{ imageFrom('myapp/backend').Tag }}", 'v3.0.1'],
    ["${{ imageFrom('myapp/backend').Digest }}", 'sha256:b1'],
    ["${{ chartFrom('my-chart').Version }}", '4.5.6'],
    ["${{ commitFrom('github.com/myorg/config').ID }}", 'c0ffee1'],
    ['${{ vars.gitopsRepo }}', 'https://github.com/myorg/gitops.git'],
    ['${{ vars.releaseTag }}', 'release-production-fe-v2.1.0-be-v3.0.1'],
    ['${{ vars.releaseVersion }}', 'v2025.01.15-brave-eagle'],
    ['release-${{ ctx.stage }}-${{ timestamp() }}', 'release-production-2025-01-16T00:00:03Z'],
    ['${{ timestamp() }}', '2025-01-16T00:00:03Z'],
    [
      "Previous production release: ${{ freightMetadata('productionReleaseTag') }}",
      'Previous production release: release-1',
    ],
    ['./repo/releases/${{ vars.releaseVersion }}.json', './repo/releases/v2025.01.15-brave-eagle.json'],
  ];
  for (const [text, expected] of table) {
    it(text, () => {
      assert.deepEqual(evaluate(text), expected);
      assert.deepEqual(evaluate(text, 'text'), expected);
      assert.deepEqual(checkTemplate(text), []);
    });
  }

  it('composes commit messages of several lines', () => {
    const message = `Release \${{ vars.releaseVersion }} to production

Freight: \${{ ctx.freight.name }} (\${{ ctx.freight.alias }})

Component Versions:
- Frontend: \${{ imageFrom('myapp/frontend').Tag }} @ \${{ imageFrom('myapp/frontend').Digest }}
- Chart: \${{ chartFrom('my-chart').Version }}
`;
    const expected = `Release v2025.01.15-brave-eagle to production

Freight: ${tags.name} (brave-eagle)

Component Versions:
- Frontend: v2.1.0 @ sha256:f1
- Chart: 4.5.6
`;
    assert.equal(evaluate(message, 'text'), expected);
  });

  it('posts valid JSON, with and without its line breaks', () => {
    const body = `{
  "stage": "\${{ ctx.stage }}",
  "freight": "\${{ ctx.freight.name }}",
  "timestamp": "\${{ timestamp() }}",
  "components": {
    "frontend": {
      "tag": "\${{ imageFrom('myapp/frontend').Tag }}",
      "digest": "\${{ imageFrom('myapp/frontend').Digest }}"
    }
  }
}
`;
    const expected = {
      stage: 'production',
      freight: tags.name,
      timestamp: '2025-01-16T00:00:03Z',
      components: { frontend: { tag: 'v2.1.0', digest: 'sha256:f1' } },
    };
    assert.deepEqual(JSON.parse(textOf(body)), expected);
    // As metadata it is what it looks like.
    assert.deepEqual(evaluate(body), expected);
  });

  it('keeps signs of all kinds in messages', () => {
    const message = "🚀 Production Release Complete\n• Frontend: ${{ imageFrom('myapp/frontend').Tag }}\n";
    assert.equal(evaluate(message, 'text'), '🚀 Production Release Complete\n• Frontend: v2.1.0\n');
  });
});

describe('expressions of the reference of promotion steps', () => {
  const table: readonly (readonly [string, Json, TextField?])[] = [
    ['${{ vars.var1 }}', 'value1'],
    ['${{ vars.var2 }}', 'other'],
    ['${{ outputs.step1.someOutput }}', 'other'],
    ['${{ outputs.alias.someOutput }}', 'some'],
    ["${{ outputs['open-pr'].prNumber }}", 42],
    ["${{ outputs['open-pr'].prNumber }}", '42', 'text'],
    ['${{ vars.gitRepo }}', 'https://github.com/example/repo.git'],
    ['${{ commitFrom(vars.gitRepo).ID }}', 'a1b2c3d'],
    ['${{ commitFrom(vars.gitRepo) }}', 'a1b2c3d', 'commit'],
    ['stage/${{ ctx.stage }}', 'stage/production'],
    ['./src/charts/my-chart/${{ ctx.stage }}-values.yaml', './src/charts/my-chart/production-values.yaml'],
    ['${{ vars.imageRepo }}', 'my/image'],
    ['${{ imageFrom(vars.imageRepo).Tag }}', '1.27.0'],
    ['${{ imageFrom("my/image").Tag }}', '1.27.0'],
    ['${{ chartRepo }}', 'https://example-chart-repo'],
    ['${{ chartFrom(chartRepo).Version }}', '1.2.4'],
    ['${{ outputs.push.branch }}', 'kargo/promotion/x'],
    ['${{ outputs.commit.commit }}', 'd00d1e'],
    [
      "${{ vars.repoURL }}/pull/${{ outputs['open-pr'].prNumber }}",
      'https://github.com/example/repo/pull/42',
    ],
    ['Bearer ${{ secrets.slack.token }}', 'Bearer xoxb-1'],
  ];
  for (const [text, expected, field] of table) {
    it(field ? `${text} in a field that holds ${field}` : text, () => {
      assert.deepEqual(evaluate(text, field), expected);
      assert.deepEqual(checkTemplate(text), []);
    });
  }

  it('tells revisions of one repository apart by their Warehouse', () => {
    const more = {
      identity: { ...scope.identity, stage: 'test' },
      freight: { target: combined[0]!, collection: combined, origins: [], warehouses: [] },
      promotionVars: [{ name: 'gitRepo', value: vars.gitRepo }],
    };
    const base = '${{ commitFrom(vars.gitRepo, warehouse("base")).ID }}';
    const overlay = '${{ commitFrom(vars.gitRepo, warehouse(ctx.stage + "-overlay")).ID }}';
    assert.equal(evaluate(base, undefined, more), 'head-of-base');
    assert.equal(evaluate(overlay, undefined, more), 'head-of-test-overlay');
    assert.throws(() => evaluate('${{ commitFrom(vars.gitRepo).ID }}', undefined, more), /several places/);
  });

  it('posts a message to Slack with the link in it', () => {
    const body = `\${{ quote({
  "channel": "C123456",
  "blocks": [
    {
      "type": "section",
      "text": {
        "type": "mrkdwn",
        "text": "A new PR has been opened: \${{ outputs['pr-link'].url }}"
      }
    }
  ]
}) }}
`;
    assert.deepEqual(checkTemplate(body), []);
    assert.deepEqual(JSON.parse(textOf(body)), {
      channel: 'C123456',
      blocks: [
        {
          type: 'section',
          text: {
            type: 'mrkdwn',
            text: 'A new PR has been opened: https://github.com/example/repo/pull/42',
          },
        },
      ],
    });
  });

  it('reads responses of HTTP requests', () => {
    const facts: readonly JsonObject[] = [
      { fact_number: 1, fact: 'Kittens have baby teeth.' },
      { fact_number: 2, fact: 'Dogs do, too.' },
    ];
    const response = (text: string): string => {
      const values = fromJson({ response: { status: 200, headers: {}, body: { facts: [...facts] } } });
      assert.ok(values instanceof Dict);
      return encodeJson(evaluateExpression(text, { values, functions: createFunctionTable([]) }));
    };
    assert.equal(response('response.status'), '200');
    assert.deepEqual(JSON.parse(response('response.body.facts[0]')), facts[0]);
    assert.equal(response('response.body.facts[0].fact'), '"Kittens have baby teeth."');
    assert.equal(response('response.body.facts[1].fact'), '"Dogs do, too."');
  });
});
