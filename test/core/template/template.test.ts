import assert from 'node:assert/strict';
import { ExpressionError, type Environment } from '../../../src/core/expression/expression.ts';
import { Dict, fromJson } from '../../../src/core/expression/values.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { textFunctions } from '../../../src/core/template/functions/index.ts';
import { checkTemplate, evaluateTemplate, hasExpression } from '../../../src/core/template/template.ts';

export function environmentWith(names: JsonObject): Environment {
  const values = fromJson(names);
  assert.ok(values instanceof Dict);
  return { values, functions: textFunctions };
}

describe('templates', () => {
  it('know expressions of both kinds', () => {
    assert.deepEqual(['${{ a }}', '${% a %}', '{{ a }}', '$a', ''].map(hasExpression), [
      true,
      true,
      false,
      false,
      false,
    ]);
  });

  describe('with a template inside a text of an expression', () => {
    const names = { outputs: { pr: { url: 'https://git.example/pr/1?a="b"' } }, n: 7 };
    const table: readonly (readonly [string, unknown])[] = [
      [
        '${{ quote({"text": "see ${{ outputs[\'pr\'].url }}", "n": 1}) }}',
        '{"n":1,"text":"see https://git.example/pr/1?a=\\"b\\""}',
      ],
      ['${{ quote({"a": "x ${{ n }} y ${{ n + 1 }}"}) }}\n', '{"a":"x 7 y 8"}\n'],
      ["${{ {'a': {'b': '${{ n }}'}} }}", { a: { b: '7' } }],
      // Kargo's reading comes first: the first closer ends it.
      ["${{ 'a' }}b'}}", "ab'}}"],
    ];
    for (const [text, expected] of table) {
      it(text.trim(), () => assert.deepEqual(evaluateTemplate(text, environmentWith(names)), expected));
    }
  });

  it('tell where an expression failed', () => {
    assert.throws(
      () => evaluateTemplate('abc ${{ a.b }}', environmentWith({})),
      (error) => error instanceof ExpressionError && error.offset === 10 && error.stage === 'run',
    );
  });

  describe('are checked without being run', () => {
    const table: readonly (readonly [string, readonly (readonly [number, RegExp])[]])[] = [
      ['no expression', []],
      ['${{ imageFrom("a").Tag }} ${{ success() }}', []],
      ['${{ a.b }} ${{ 1 + }}', [[19, /unexpected the end/]]],
      ['${{ imgeFrom("a") }}', [[4, /no function imgeFrom, did you mean "imageFrom"/]]],
      ['${{ imageFrom("a").tag }}', [[19, /no field tag/]]],
      [
        '${{ commitFrom(1) }} ${{ nope() }}',
        [
          [15, /commitFrom wants a text/],
          [25, /no function nope/],
        ],
      ],
      ['${{ a', [[0, /without }}/]]],
      ['${{ "a" matches "(" }}', [[16, /not a regular expression/]]],
    ];
    for (const [text, expected] of table) {
      it(text, () => {
        const found = checkTemplate(text);
        assert.deepEqual(
          found.map(({ offset }) => offset),
          expected.map(([offset]) => offset),
        );
        for (const [index, [, message]] of expected.entries()) assert.match(found[index]!.message, message);
        for (const { offset, length } of found) assert.ok(length > 0 && offset + length <= text.length);
      });
    }
  });
});
