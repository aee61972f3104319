import assert from 'node:assert/strict';
import { evaluateExpression, ExpressionError } from '../../../src/core/expression/expression.ts';
import { Dict, fromJson } from '../../../src/core/expression/values.ts';
import { textFunctions } from '../../../src/core/template/functions/index.ts';

const deep = 'reduce(1..5000, [#acc], 1)';
const wide = 'reduce(1..60, [#acc, #acc], 1)';
const patterns = Array.from({ length: 50 }, (_, at) => `"a" matches "\\\\pL{${999 - at}}"`).join(' or ');
const numbers = Array.from({ length: 3000 }, (_, index) => index);
const values = fromJson({
  l: numbers,
  a: {},
  big: 'é'.repeat(500_000),
  words: Array.from({ length: 20_000 }, (_, index) => `w${(index * 7919) % 20_000}`),
  m: Object.fromEntries(numbers.map((number) => [`k${number}`, number])),
});

/** Processor time that an input may take, in milliseconds: 100 on a machine of its own, more where others work too. */
const patience = 300;

describe('hostile expressions end in a clear error soon', () => {
  const table: readonly (readonly [string, string, RegExp])[] = [
    ['parentheses', `${'('.repeat(20_000)}1${')'.repeat(20_000)}`, /nested more than/],
    ['brackets', '['.repeat(20_000), /nested more than/],
    ['minus signs', `${'-'.repeat(20_000)}1`, /nested/],
    ['members', `a${'.b'.repeat(3000)}`, /nested/],
    ['pipes', `1${'|abs()'.repeat(4000)}`, /nested/],
    ['variables', `${'let x=1;'.repeat(5000)}1`, /nested/],
    ['conditions', `${'a?b:'.repeat(5000)}1`, /nested/],
    ['parts', `1${'+1'.repeat(6000)}`, /more than 10000 parts/],
    ['a long source', `"${'a'.repeat(5_000_000)}"`, /longer than/],
    ['a long number', '1'.repeat(100_000), /64 bits/],
    ['comments', '/* '.repeat(30_000), /unclosed comment/],
    ['a range', '1..9999999999', /memory budget/],
    ['many ranges', 'all(1..99999, {len(1..9999) > 0})', /memory budget/],
    ['loops in loops', 'all(1..3000, {let x = #; all(l, # + x >= 0)})', /too many operations/],
    ['long loops', 'findIndex(1..999999, # == -1)', /too many operations/],
    ['copies of lists', 'all(1..99999, {reverse(l); true})', /memory budget/],
    ['slices of lists', 'all(1..99999, {l[1:]; true})', /too many operations/],
    ['sorting', 'sort(map(1..200000, string(-#)))', /too many operations/],
    ['sorting over and over', 'all(1..99999, {sort(l); true})', /memory budget|too many operations/],
    ['maps compared', 'all(1..99999, m == m)', /too many operations/],
    ['maps listed', 'all(1..99999, {toPairs(m); true})', /too many operations/],
    ['maps as JSON', 'all(1..99999, toJSON(m) != "")', /too many operations/],
    ['maps as YAML', 'all(1..99999, asYAML(m) != "")', /too many operations/],
    ['maps as text', 'all(1..99999, string(m) != "")', /too many operations/],
    ['a text that doubles', 'reduce(1..60, #acc + #acc, "ab")', /text of more than/],
    ['a text of copies', 'repeat("ab", 999999)', /memory budget/],
    ['texts cut over and over', 'reduce(1..99999, #acc[1:], repeat("é", 400000))', /too many operations/],
    ['texts compared', 'all(1..9999, big + "a" < big + "b")', /too many operations/],
    ['texts in capitals', 'all(1..9999, upper(big) != "")', /too many operations/],
    ['texts in base64', 'all(1..9999, toBase64(big) != "")', /too many operations/],
    ['texts replaced', 'all(1..9999, replace(big, "", "zz") != "")', /too many operations/],
    ['texts quoted', 'all(1..9999, quote(big) != "")', /too many operations/],
    ['texts searched', 'none(1..9999, big matches "(é|z)*z")', /too many operations/],
    ['a deep list as JSON', `toJSON(${deep})`, /nested too deeply/],
    ['deep lists compared', `${deep} == ${deep}`, /nested too deeply/],
    ['a list of shared parts as JSON', `toJSON(${wide})`, /too many operations/],
    ['a list of shared parts as YAML', `asYAML(${wide})`, /too many operations/],
    ['a list of shared parts as text', `string(${wide})`, /too many operations/],
    ['lists of shared parts compared', `${wide} == ${wide}`, /too many operations/],
    ['a list of shared parts made flat', `flatten(${wide})`, /too many operations/],
    ['the least of a list of shared parts', `min(${wide})`, /too many operations/],
    ['JSON of brackets', 'fromJSON(repeat("[", 5000) + repeat("]", 5000))', /nested too deeply/],
    ['JSON of maps', 'fromJSON("[" + repeat("{},", 300000) + "{}]")', /too many operations/],
    ['digits', 'int(repeat("9", 999999))', /64 bits/],
    ['a span of many units', 'duration(repeat("1h", 400000))', /duration wants/],
    ['a long version', 'semverParse(repeat("1", 900000))', /not a semantic version/],
    ['a long layout', 'date("2020-01-01").Format(repeat("Monday", 100000))', /layout is too long/],
    ['a large pattern', `"a" matches "${'x{1000}'.repeat(20)}"`, /too large/],
    ['patterns that are large together', patterns, /too large together/],
    ['white space inside a text', 'int(trim("x" + repeat(" ", 500000) + "x"))', /a text of digits/],
    ['nearly a number', 'float(repeat("1", 900000) + "x")', /text of a number/],
    ['nearly a hexadecimal number', 'float("0x" + repeat("1", 900000))', /text of a number/],
    ['nearly a version', 'semverParse("1.2.3-" + repeat("a.", 400000) + "!")', /not a semantic version/],
    [
      'nearly a large number in JSON',
      `fromJSON("[" + repeat("${'1'.repeat(299)},", 1000))`,
      /not valid JSON/,
    ],
    ['nearly a time zone', 'timezone(repeat("a", 900000))', /zone/],
    [
      'a sum of texts',
      `int(${Array.from({ length: 3000 }, () => `"${'a'.repeat(25)}"`).join('+')})`,
      /a text of digits/,
    ],
    [
      'conditions on one list',
      Array.from({ length: 1200 }, () => 'any(l, # == -1)').join(' or '),
      /too many operations/,
    ],
    [
      'many patterns',
      'all(1..999, {"a" matches "(?i)\\\\pL{" + string(#) + "}"; true})',
      /too many operations/,
    ],
    ['a pattern of all texts', 'big matches "([ab]*é){10}([aé]{90}){10}[cd]"', /too many operations/],
    ['prototypes', 'a.constructor.constructor("return process")', /cannot read constructor of nil/],
    ['the prototype of a text', '"".constructor', /has no field constructor/],
    ['the prototype of the names', '$env["__proto__"].x', /cannot read x of nil/],
  ];
  for (const [what, text, message] of table) {
    it(what, () => {
      assert.ok(values instanceof Dict);
      const environment = { values, functions: textFunctions };
      const before = process.cpuUsage();
      assert.throws(
        () => evaluateExpression(text, environment),
        (error) => {
          assert.ok(error instanceof ExpressionError, String(error));
          assert.match(error.message, message);
          return true;
        },
      );
      const took = process.cpuUsage(before).user / 1000;
      assert.ok(took < patience, `${took} ms`);
    });
  }

  it('patterns that hang other engines do not', () => {
    const environment = { values: new Dict(new Map()), functions: textFunctions };
    assert.equal(evaluateExpression('(repeat("a", 20000) + "!") matches "^(a+)+$"', environment), false);
  });
});
