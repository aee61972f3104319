import assert from 'node:assert/strict';
import { evaluateConfig, type TextField } from '../../../src/core/template/config.ts';
import { createEnvironment } from '../../../src/core/promotion/environment.ts';
import { scopeWith } from '../promotion/scope.ts';

const fields: Readonly<Record<string, TextField>> = {
  text: 'text',
  commit: 'commit',
  image: 'image',
  chart: 'chart',
  exact: 'exact',
};

function evaluate(value: string, field: string): unknown {
  const scope = scopeWith({ promotionVars: [{ name: 'empty', value: '${{ nil }}' }] });
  const environment = createEnvironment(scope, { place: 'config' });
  return evaluateConfig({ [field]: value, list: [value] }, environment, ([name]) => fields[name!])[field];
}

describe('configs', () => {
  const table: readonly (readonly [string, string, unknown])[] = [
    ['any', '${{ "1.20" }}', 1.2],
    ['text', '${{ "1.20" }}', '1.20'],
    ['text', 'v${{ "1.20" }}', 'v1.20'],
    ['text', '${{ 1.20 }}', '1.2'],
    ['text', '${{ true }}', 'true'],
    ['text', '${{ quote(1) }}', '1'],
    ['text', '${{ quote("a") }}\n', 'a\n'],
    ['text', '${{ vars.empty }}', undefined],
    ['any', '${{ vars.empty }}', null],
    ['text', 'a-${{ nil }}', 'a-null'],
    ['text', '${{ "007" }}', '007'],
    ['text', '${{ semverParse("v1.2.3") }}', '1.2.3'],
    ['text', '0123', '0123'],
    ['commit', '${{ commitFrom("https://git.example/app.git") }}', 'a1b2c3'],
    ['image', '${{ imageFrom("registry.example/app") }}', '1.20'],
    ['chart', '${{ chartFrom("https://charts.example", "app") }}', '2.0.0'],
    ['image', '${{ imageFrom("unknown") }}', undefined],
    ['exact', '${{ "3" }}', 3],
    ['exact', '${{ "-1.5" }}\n', -1.5],
    ['exact', '${{ "true" }}', true],
    ['exact', '${{ 3 }}', 3],
    ['exact', '${{ 1.20 }}', 1.2],
    ['exact', '${{ nil }}', null],
    ['exact', '${{ [1] }}', [1]],
    ['exact', '3', '3'],
    ['exact', '${{ quote("3") }}', '3'],
    ...['1.20', '007', '1e5', '+1', '-0', '0x1F', 'TRUE', 't', '[1]', 'null', '12345678901234567890', ''].map(
      (text): readonly [string, string, string] => ['exact', `\${{ "${text}" }}`, text],
    ),
    ['exact', 'v${{ 1 }}', 'v1'],
    ['exact', '1${{ 2 }}', 12],
    ['commit', '${{ commitFrom("https://git.example/app.git").ID }}', 'a1b2c3'],
  ];
  for (const [field, text, expected] of table) {
    it(`${field}: ${JSON.stringify(text)}`, () => assert.deepEqual(evaluate(text, field), expected));
  }

  it('names the field where a text cannot be made', () => {
    for (const text of ['${{ [1] }}', '${{ {a: 1} }}', '${{ imageFrom("registry.example/app") }}']) {
      assert.throws(() => evaluate(text, 'text'), /^ExpressionError: text: a text is wanted here/);
    }
  });

  it('leaves keys, other values and empty items alone', () => {
    const environment = createEnvironment(scopeWith({}), { place: 'config' });
    const config = { '${{ 1 }}': [true, null, 5, 'x'], gone: ['${{ nil }}', 'a'] };
    assert.deepEqual(
      evaluateConfig(config, environment, () => 'text'),
      { '${{ 1 }}': [true, null, 5, 'x'], gone: ['a'] },
    );
  });

  it('names the path of an expression that fails', () => {
    const environment = createEnvironment(scopeWith({}), { place: 'config' });
    assert.throws(
      () => evaluateConfig({ a: [{ 'b c': '${{ x.y }}' }] }, environment, () => undefined),
      /^ExpressionError: a\[0\]\["b c"\]: cannot read y of nil/,
    );
  });
});
