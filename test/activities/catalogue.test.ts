import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { createCatalogue } from '../../src/activities/catalogue.ts';
import { defineStep } from '../../src/activities/define-step.ts';
import { steps } from '../../src/activities/steps/index.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { formatConfigProblem } from '../../src/core/schema/explain.ts';
import { object, optional, string } from '../../src/core/schema/describe.ts';

describe('catalogue', () => {
  const upgraded = defineStep({
    kind: 'some-step',
    summary: 'Does.',
    place: 'anywhere',
    effect: 'none',
    repeatable: true,
    examples: [],
    tools: ['kustomize'],
    timeout: 5000,
    reads: ['commitMessage'],
    config: object({
      to: object({
        name: string('Name.'),
        email: optional(string('Address.', { format: 'email' })),
      }),
    }),
    upgrade: ({ recipients, ...rest }) =>
      Array.isArray(recipients)
        ? {
            ...rest,
            to: recipients[0] ?? {},
          }
        : rest,
    run: () => Promise.resolve({}),
  });
  const kind = createCatalogue([upgraded]).get('some-step')!;

  it('tells the planner what the declaration says', () => {
    assert.deepEqual(JSON.parse(JSON.stringify(kind)), {
      kind: 'some-step',
      summary: 'Does.',
      place: 'anywhere',
      effect: 'none',
      repeatable: true,
      tools: ['kustomize'],
      timeout: 5000,
      reads: ['commitMessage'],
    });
  });

  const cases: readonly (readonly [JsonObject, ...string[]])[] = [
    [{ to: { name: 'a' } }],
    [{ recipients: [{ name: 'a', email: '${{ vars.email }}' }] }],
    [{ to: {} }, 'to.name: is required (Name.)'],
    [{ recipients: [{ name: 'a', email: 'x' }] }, 'to: must be an email address, not "x"'],
    [{}, 'to: is required'],
  ];
  for (const [config, ...expected] of cases) {
    it(`checks ${JSON.stringify(config)} as written, after the upgrade`, () =>
      assert.deepEqual(kind.check(config).map(formatConfigProblem), expected));
  }

  it('finds problems in any config without breaking', () => {
    const catalogue = createCatalogue(steps);
    const keys = [...new Set(steps.flatMap(({ config }) => Object.keys(config.properties)))];
    const config = fc.dictionary(
      fc.constantFrom(...keys, 'constructor'),
      fc.jsonValue() as fc.Arbitrary<never>,
    );
    fc.assert(
      fc.property(fc.constantFrom(...catalogue.values()), config, (one, written) => {
        for (const { message } of one.check(written)) assert.equal(typeof message, 'string');
      }),
      { numRuns: 500 },
    );
  });
});
