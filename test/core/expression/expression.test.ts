import assert from 'node:assert/strict';
import {
  evaluateExpression,
  ExpressionError,
  parseExpression,
} from '../../../src/core/expression/expression.ts';
import { encodeJson } from '../../../src/core/expression/format/json.ts';
import { createFunctionTable } from '../../../src/core/expression/function.ts';
import { Dict, fromJson } from '../../../src/core/expression/values.ts';
import type { JsonObject } from '../../../src/core/json.ts';

const functions = createFunctionTable([]);

function evaluate(text: string, names: JsonObject = {}): string {
  const values = fromJson(names);
  assert.ok(values instanceof Dict);
  return encodeJson(evaluateExpression(text, { values, functions }));
}

function errorOf(text: string, names: JsonObject = {}): ExpressionError {
  try {
    evaluate(text, names);
  } catch (error) {
    if (error instanceof ExpressionError) return error;
    throw error;
  }
  return assert.fail(`${text.slice(0, 60)} did not fail`);
}

describe('expressions', () => {
  describe('say where they are wrong', () => {
    const faults: readonly (readonly [string, string, number, RegExp])[] = [
      ['vars.', 'compile', 5, /expected a name after the dot/],
      ['1 + "a"', 'compile', 0, /mismatched types int and string/],
      ['a ?? 1 + 2', 'compile', 7, /\?\? cannot be mixed with \+/],
      ['foo.bar.baz', 'run', 4, /cannot read bar of nil/],
      ['upper(1)', 'compile', 6, /upper wants a text as text but is given int/],
      ['len("a", "b")', 'compile', 0, /too many arguments/],
      ['1 + nope(2)', 'run', 4, /there is no function nope/],
      ['uper("a")', 'run', 0, /did you mean "upper"/],
      ['"a" matches "("', 'compile', 12, /not a regular expression/],
    ];
    for (const [text, stage, offset, message] of faults) {
      it(text, () => {
        const error = errorOf(text);
        assert.equal(error.stage, stage);
        assert.match(error.message, message);
        assert.equal(error.offset, offset);
      });
    }

    it('keeps positions in the tree', () => {
      const tree = parseExpression('a + len(b)');
      assert.ok(tree.kind === 'binary');
      assert.deepEqual([tree.right.start, tree.right.end], [4, 10]);
    });

    it('never with a value', () => {
      for (const text of [
        'int(s)',
        's * 2',
        's.x',
        '{}[s].y',
        's matches s',
        'date(s)',
        'fromJSON(s)',
        's in 5',
      ]) {
        assert.doesNotMatch(errorOf(text, { s: '(hunter2' }).message, /hunter2/);
      }
    });
  });

  describe('cannot reach behind their data', () => {
    it('prototypes are missing keys', () => {
      const text =
        '[o.constructor, o["__proto__"], o.toString, constructor, get(o, "hasOwnProperty"), {}.valueOf]';
      assert.equal(evaluate(text, { o: {} }), '[null,null,null,null,null,null]');
    });
    it('__proto__ is a key like others', () => {
      assert.equal(evaluate('{("__proto__"): 1}["__proto__"]'), '1');
      assert.equal(evaluate('fromJSON("{\\"__proto__\\": 1}")'), '{"__proto__":1}');
    });
  });

  describe('have no limit where none is needed', () => {
    it('long sums work', () => assert.equal(evaluate(`a${'+a'.repeat(4000)}`, { a: 1 }), '4001'));
  });

  it('an environment that is none has no names', () => {
    assert.throws(() => evaluateExpression('a ?? 1', { values: null, functions }), /nothing to read a from/);
  });
});
