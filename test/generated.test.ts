import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { Errors } from 'typebox/schema';
import { parse, parseAllDocuments } from 'yaml';
import { findStaleFiles } from '../scripts/generate.ts';
import { createCatalogue } from '../src/activities/catalogue.ts';
import { steps } from '../src/activities/steps/index.ts';
import { isObject, valueAt, type Json, type JsonObject } from '../src/core/json.ts';
import { formatConfigProblem } from '../src/core/schema/explain.ts';

type Schema = 'promotion-steps' | 'stage' | 'promotion-task';

const schemas = new Map(
  (['promotion-steps', 'stage', 'promotion-task'] as const).map((name) => {
    const url = new URL(`../schemas/${name}.schema.json`, import.meta.url);
    return [name, JSON.parse(readFileSync(url, 'utf8')) as JsonObject] as const;
  }),
);

describe('generated files', () => {
  it('are up to date', async () => {
    assert.deepEqual(await findStaleFiles(), [], 'run npm run generate');
  });
});

describe('examples of steps', () => {
  const catalogue = createCatalogue(steps);
  for (const { kind, examples } of steps) {
    for (const { title, as, config } of examples) {
      it(`${kind}: ${title}`, () => {
        assert.deepEqual(catalogue.get(kind)!.check(config).map(formatConfigProblem), []);
        assert.deepEqual(accepts([{ uses: kind, ...(as && { as }), config }]), true);
      });
    }
  }

  it('stand on the pages as they are', () => {
    for (const { kind, examples } of steps) {
      const page = readFileSync(new URL(`../docs/steps/${kind}.md`, import.meta.url), 'utf8');
      const shown = [...page.matchAll(/^```yaml\n([\s\S]*?)^```$/gm)].map(([, text]) => parse(text!) as Json);
      const expected = examples.map(({ as, config }) => ({
        steps: [{ uses: kind, ...(as && { as }), config }],
      }));
      assert.deepEqual(shown, expected);
    }
  });
});

describe('the schemas for editors', () => {
  const setImage = (images: Json) => ({ uses: 'kustomize-set-image', config: { path: 'a', images } });
  const manifest = (kind: string, spec: Json) => ({
    apiVersion: 'kargo.akuity.io/v1alpha1',
    kind,
    metadata: { name: 'a', namespace: 'demo' },
    spec,
  });
  const inStage = (step: Json) => manifest('Stage', { promotionTemplate: { spec: { steps: [step] } } });
  const inTask = (step: Json) => manifest('PromotionTask', { steps: [step] });
  const good: readonly Json[] = [
    setImage([{ image: 'a', tag: '1' }]),
    setImage('${{ vars.images }}'),
    setImage([{ image: 'a', tag: '${{ vars.tag }}', digest: 'sha256:a' }]),
    setImage([{ image: 'a', useDigest: '${{ vars.digest }}' }]),
    { task: { name: 'deploy' }, vars: [{ name: 'x', value: '1' }] },
    { uses: 'fail', if: '${{ failure() }}', retry: { timeout: '5m', errorThreshold: 3 } },
  ];
  const bad: readonly Json[] = [
    { uses: 'kustomize-set-image', config: {} },
    { uses: 'kustomize-set-image' },
    { uses: 'kustomise-set-image', config: { path: 'a' } },
    setImage([{ image: 'a', tga: '1' }]),
    setImage([{ image: 'a', tag: '1', digest: 'sha256:a' }]),
    setImage([{ image: 'a', useDigest: 'yes' }]),
    { uses: 'fail', task: { name: 'deploy' } },
    { uses: 'fail', unknown: 1 },
    { uses: 'fail', as: 'step-1' },
    { uses: 'fail', retry: { timeuot: '5m' } },
    { uses: 'fail', retry: { timeout: 'soon' } },
    { uses: 'fail', vars: [{ name: 'x', value: 1 }] },
    { task: { nmae: 'deploy' } },
  ];
  const wraps: readonly [(step: Json) => Json, readonly Schema[]][] = [
    [(step) => [step], ['promotion-steps']],
    [inStage, ['promotion-steps', 'stage']],
    [inTask, ['promotion-steps', 'promotion-task']],
  ];
  for (const [wrap, names] of wraps) {
    for (const name of names) {
      for (const step of good)
        it(`${name} takes ${JSON.stringify(wrap(step))}`, () =>
          assert.equal(accepts(wrap(step), name), true));
      for (const step of bad)
        it(`${name} refuses ${JSON.stringify(wrap(step))}`, () =>
          assert.equal(accepts(wrap(step), name), false));
    }
  }

  it('take the manifest that docs/editors.md shows', () => {
    const page = readFileSync(new URL('../docs/editors.md', import.meta.url), 'utf8');
    const [, text] = /^```yaml\n([^]*?)^```$/m.exec(page)!;
    assert.equal(accepts(parse(text!), 'stage'), true);
  });

  it('know each their own kind', () => {
    assert.equal(accepts(inTask(good[0]!), 'stage'), false);
    assert.equal(accepts(inStage(good[0]!), 'promotion-task'), false);
    assert.equal(accepts({ ...inTask(good[0]!), kind: 'ClusterPromotionTask' }, 'promotion-task'), true);
  });

  it('leave other documents alone', () =>
    assert.equal(accepts({ kind: 'Warehouse', spec: { steps: 5 } }), true));

  const manifests = readdirSync(new URL('../examples', import.meta.url), {
    recursive: true,
    encoding: 'utf8',
  })
    // One example is about a step that these schemas do not know.
    .filter((path) => /\.(ya?ml|json)$/.test(path) && !path.startsWith('own-step/'))
    .flatMap((path) =>
      parseAllDocuments(readFileSync(new URL(`../examples/${path}`, import.meta.url), 'utf8')).map(
        (document) => [path, document.toJS() as JsonObject] as const,
      ),
    );
  for (const [kind, name] of [
    ['Stage', 'stage'],
    ['PromotionTask', 'promotion-task'],
  ] as const) {
    it(`take every ${kind} of the examples`, () => {
      const found = manifests.filter(([, value]) => value['kind'] === kind);
      assert.ok(found.length > 0);
      const refused = found.filter(([, value]) => !accepts(value, name) || !accepts(value));
      assert.deepEqual(refused, []);
    });
  }

  it('take the steps of requests among the examples', () => {
    const lists = manifests.flatMap(([, { steps }]) => (Array.isArray(steps) ? [steps] : []));
    assert.ok(lists.length > 0);
    for (const steps of lists) assert.equal(accepts(steps), true, JSON.stringify(steps));
  });

  for (const [name, schema] of schemas) {
    it(`${name} is draft 7: every $ref stands alone and leads somewhere`, () => {
      assert.equal(schema['$schema'], 'http://json-schema.org/draft-07/schema#');
      const walk = (value: Json): void => {
        if (Array.isArray(value)) (value as readonly Json[]).forEach(walk);
        if (!isObject(value)) return;
        assert.ok(!('$defs' in value));
        const { $ref } = value;
        if (typeof $ref === 'string') {
          assert.deepEqual(Object.keys(value), ['$ref']);
          assert.ok(valueAt(schema, $ref.slice('#/'.length).split('/')), $ref);
        }
        Object.values(value).forEach(walk);
      };
      walk(schema);
    });
  }

  it('say on hovering what a step and its options are for', () => {
    const { definitions } = schemas.get('stage')!;
    for (const { kind, summary } of steps) {
      const config = valueAt(definitions, [`config-${kind}`]) as JsonObject;
      assert.equal(config['description'], summary);
      for (const [name, field] of Object.entries((config['properties'] ?? {}) as JsonObject))
        assert.ok(isObject(field) && field['description'], `${kind}: ${name}`);
    }
  });
});

function accepts(value: unknown, name: Schema = 'promotion-steps'): boolean {
  return Errors(schemas.get(name) as never, value)[0];
}
