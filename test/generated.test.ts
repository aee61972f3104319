import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { Errors } from 'typebox/schema';
import { parse } from 'yaml';
import { findStaleFiles } from '../scripts/generate.ts';
import { createCatalogue } from '../src/activities/catalogue.ts';
import { steps } from '../src/activities/steps/index.ts';
import type { Json } from '../src/core/json.ts';
import { formatConfigProblem } from '../src/core/schema/explain.ts';

const schema = JSON.parse(
  readFileSync(new URL('../schemas/promotion-steps.schema.json', import.meta.url), 'utf8'),
) as object;

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

describe('the schema for editors', () => {
  const setImage = (images: Json) => ({ uses: 'kustomize-set-image', config: { path: 'a', images } });
  const inStage = (step: Json) => ({
    kind: 'Stage',
    spec: { promotionTemplate: { spec: { steps: [step] } } },
  });
  const inTask = (step: Json) => ({ kind: 'PromotionTask', spec: { steps: [step] } });
  const good: readonly Json[] = [
    setImage([{ image: 'a', tag: '1' }]),
    setImage('${{ vars.images }}'),
    setImage([{ image: 'a', tag: '${{ vars.tag }}', digest: 'sha256:a' }]),
    setImage([{ image: 'a', useDigest: '${{ vars.digest }}' }]),
    { task: { name: 'deploy' } },
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
  ];
  for (const wrap of [(step: Json) => [step], inStage, inTask]) {
    for (const step of good)
      it(`takes ${JSON.stringify(wrap(step))}`, () => assert.equal(accepts(wrap(step)), true));
    for (const step of bad)
      it(`refuses ${JSON.stringify(wrap(step))}`, () => assert.equal(accepts(wrap(step)), false));
  }

  it('leaves other documents alone', () =>
    assert.equal(accepts({ kind: 'Warehouse', spec: { steps: 5 } }), true));
});

function accepts(value: unknown): boolean {
  return Errors(schema as never, value)[0];
}
