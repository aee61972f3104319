import assert from 'node:assert/strict';
import {
  createEnvironment,
  LookupFailed,
  needsLookups,
  type Lookups,
} from '../../../src/core/promotion/environment.ts';
import type { Scope } from '../../../src/core/promotion/step-run.ts';
import { referencesOf } from '../../../src/core/template/references.ts';
import { evaluateTemplate } from '../../../src/core/template/template.ts';
import { openTimeZones } from '../../../src/providers/time-zones/time-zones.ts';
import { scopeWith } from './scope.ts';

const lookups: Lookups = {
  secret: (name) => (name === 'slack' ? { token: 'T' } : undefined),
  sharedSecret: () => undefined,
  configMap: (name) => (name === 'settings' ? { region: 'eu', number: '1' } : undefined),
  sharedConfigMap: (name) => (name === 'regions' ? { main: 'eu' } : undefined),
  freightMetadata: (name) =>
    name.startsWith('f5f8') ? { releaseTag: 'v1', owner: { team: 'a' } } : undefined,
  freightStatus: () => undefined,
  stageMetadata: (name) => (name === 'prod' ? { n: 1 } : undefined),
};

function evaluate(
  text: string,
  scope: Partial<Scope> = {},
  place: 'vars' | 'condition' | 'config' = 'config',
): unknown {
  return evaluateTemplate(
    text,
    createEnvironment(scopeWith(scope), { place, lookups, zones: openTimeZones() }),
  );
}

function identity(more: Partial<Scope['identity']>): Partial<Scope> {
  return { identity: { ...scopeWith({}).identity, ...more } };
}

const task: Partial<Scope> = {
  alias: 'deploy::push',
  outputs: { 'deploy::clone': { commit: 'abc' }, clone: { commit: 'other' } },
  records: [
    { alias: 'deploy::clone', status: 'Failed', continueOnError: true, errorCount: 2 },
    { alias: 'clone', status: 'Succeeded', continueOnError: false, errorCount: 0 },
  ],
};

describe('environment of a step', () => {
  const table: readonly (readonly [string, unknown, Partial<Scope>?])[] = [
    ['${{ ctx.project }}/${{ ctx.stage }}/${{ ctx.promotion }}', 'demo/test/test.01j.f5f87aa'],
    ['${{ ctx.targetFreight.alias == ctx.freight.alias }}', true],
    ['${{ ctx.targetFreight.origin.name }}', 'main'],
    ['${{ ctx.meta.promotion.actor }} ${{ ctx.meta.step.alias }}', 'alice push'],
    ['${{ ctx.meta.promotion.rollback }}', false],
    ['${{ ctx.meta.promotion.rollback }}', true, identity({ rollback: true })],
    ['${{ ctx.uiBaseUrl }}/x', 'https://ui.example/x', identity({ uiBaseUrl: 'https://ui.example' })],
    ['${{ date("2025-07-01 12:00:00").In(timezone("Asia/Tokyo")).Hour() }}', 21],
    ['${{ outputs.clone.commit }}', 'other', task],
    ["${{ outputs['deploy::clone'].commit }}", 'abc', task],
    ['${{ task.outputs.clone.commit }}', 'abc', task],
    ['${{ task }}', null],
    ['${{ outputs.Get("clone").commit }}', 'other', task],
    ['${{ outputs.Get("none") }}', null, task],
    ['${{ outputs.Get }}', 'alias', { outputs: { Get: 'alias' as never } }],
    ['${{ target }}', null],
    [
      '${{ target.params.size + target.labels.none }}',
      'L',
      { target: { params: { size: 'L' }, labels: {} } },
    ],
    ['${{ status("clone") }}', 'Failed', task],
    ['${{ status("clone") }}', '', { ...task, alias: 'other::x' }],
    ['${{ success() }}', true, task],
    [
      '${{ failure() }}',
      true,
      { records: [{ alias: 'a', status: 'Errored', continueOnError: false, errorCount: 1 }] },
    ],
    ['${{ string(stepMetas.clone.Status) == "Succeeded" }}', true, task],
    ['${{ stepMetas["deploy::clone"].ErrorCount }}', 2, task],
    ['${{ commitFrom("git.example/app").ID }}', 'a1b2c3'],
    ['${{ imageFrom("registry.example/app", warehouse("main")).Annotations.a }}', 'b'],
    ['${{ chartFrom("app").Version }}', '2.0.0'],
    ['${{ chartFrom("https://charts.example", "app", warehouse("other")) == nil }}', true],
    [
      '${{ imageFrom("registry.example/app") }}',
      { repoURL: 'registry.example/app', tag: '1.20', annotations: { a: 'b' } },
    ],
    ['${{ artifactFrom("x") }}', null],
    ['${{ timestamp() }}', '2025-01-02T04:00:00Z'],
    ['${{ timestamp("2006-01-02 15h") }}', '2025-01-02 04h'],
    ['${{ secret("slack").token }}${{ secrets.slack.token }}', 'TT'],
    ['${{ secret("none").token }}', ''],
    ['${{ configMap("settings").region }}', 'eu'],
    ['${{ sharedConfigMap("regions").main }}', 'eu'],
    ['${{ sharedSecret("regions").main }}', ''],
    ['${{ freightMetadata("releaseTag") }}', 'v1'],
    ['${{ freightMetadata("absent") }}', null],
    ['${{ freightMetadata(ctx.targetFreight.name).owner.team }}', 'a'],
    ['${{ freightMetadata(ctx.targetFreight.name, "releaseTag") }}', 'v1'],
    ['${{ stageMetadata("prod").n }}', 1],
    ['${{ freightStatus("x")?.verifiedIn }}', null],
  ];
  for (const [text, expected, scope] of table) {
    it(`${text}${scope ? ' in a given scope' : ''}`, () => assert.deepEqual(evaluate(text, scope), expected));
  }

  describe('vars', () => {
    const promotionVars = [
      { name: 'a', value: '1.20' },
      { name: 'b', value: '${{ vars.a }}-x' },
      { name: 'n', value: '${{ 2 }}' },
      { name: 'when', value: '${{ timestamp() }}' },
    ];
    const stepVars = [
      { name: 'a', value: '${{ vars.a }}!' },
      { name: 'out', value: '${{ outputs.clone.commit }}' },
    ];
    const scope = { ...task, promotionVars, stepVars };

    it('see earlier ones; later ones win; values keep their type', () => {
      assert.deepEqual(evaluate('${{ vars }}', scope), {
        a: '1.20!',
        b: '1.20-x',
        n: 2,
        out: 'other',
        when: '2025-01-02T03:04:05Z',
      });
    });
    it('can be named alone, but never hide what the environment has', () => {
      assert.equal(evaluate('${{ out }}', scope), 'other');
      const hiding = {
        promotionVars: [
          { name: 'ctx', value: 'x' },
          { name: 'vars', value: 'y' },
        ],
      };
      assert.equal(evaluate('${{ ctx.stage }}${{ vars.vars }}', hiding), 'testy');
    });
    it('of the promotion see no outputs and no status', () => {
      const early = (value: string) => () =>
        evaluate('x${{ 1 }}', { ...task, promotionVars: [{ name: 'v', value }] });
      assert.equal(
        evaluate('${{ vars.v }}', { ...task, promotionVars: [{ name: 'v', value: '${{ outputs }}' }] }),
        null,
      );
      assert.throws(early('${{ outputs.clone.commit }}'), /variable "v": cannot read clone of nil/);
      assert.throws(early('${{ success() }}'), /variable "v": cannot call nil: there is no function success/);
    });
    it('that read a look-up that fails let its failure through', () => {
      const failing = { ...lookups, secret: () => assert.fail(new LookupFailed('no connection')) };
      const vars = [{ name: 'v', value: '${{ secret("a").b }}' }];
      assert.throws(
        () => createEnvironment(scopeWith({ promotionVars: vars }), { place: 'config', lookups: failing }),
        LookupFailed,
      );
    });
  });

  it('without look-ups says so', () => {
    for (const text of ['${{ secret("a").b }}', '${{ secrets.a.b }}', '${{ configMap("a") }}']) {
      const environment = createEnvironment(scopeWith({}), { place: 'condition' });
      assert.throws(() => evaluateTemplate(text, environment), /cannot be looked up here/);
    }
  });

  it('names the candidates when Freight is ambiguous', () => {
    const { freight } = scopeWith({});
    const image = { repoURL: 'registry.example/app', tag: '2' };
    const second = {
      ...freight.target,
      origin: { kind: 'Warehouse' as const, name: 'other' },
      images: [image],
    };
    const set = { ...freight, collection: [freight.target, second] };
    assert.throws(
      () => evaluate('${{ imageFrom("registry.example/app").Tag }}', { freight: set }),
      /several places/,
    );
    assert.equal(
      evaluate('${{ quote(imageFrom("registry.example/app", warehouse("other")).Tag) }}', { freight: set }),
      '2',
    );
  });

  it('tells what needs an activity', () => {
    const needs = (text: string) => needsLookups(referencesOf(text));
    const texts = [
      '${{ secret("a") }}',
      '${{ secrets.a.b }}',
      '${{ stageMetadata("a") }}',
      '${{ $env }}',
      '${{ now().In(timezone("Europe/Zurich")).Hour() > 8 }}',
      '${{ date("1", "2", vars.zone) }}',
    ];
    assert.deepEqual(
      texts.map(needs),
      texts.map(() => true),
    );
    const fixed = ['${{ timezone("UTC") }}', '${{ date("1", "2", "+02:00") }}', '${{ date("1", "2") }}'];
    assert.deepEqual(fixed.map(needs), [false, false, false]);
    assert.deepEqual(['${{ ctx.stage }}', '${{ success() }}', 'secret("a")'].map(needs), [
      false,
      false,
      false,
    ]);
  });
});
