import { tomlParse } from '../../../src/activities/steps/toml-parse.ts';
import { describeParseStep } from '../../support/documents.ts';

const large = Array.from(
  { length: 20_000 },
  (_, n) => `key${n} = {name = "thing ${n}", list = [${n}]}\n`,
).join('');

describeParseStep(
  tomlParse,
  {
    reads: [
      ['whole numbers as such', 'a = 7\n', 'a / 2', 3.5],
      ['the kind of a number', 'a = 7\nb = 7.0\n', '[type(a), type(b)]', ['int', 'float']],
      ['a date with its zone as an instant', 'a = 2024-01-31 10:00:00+02:00\n', 'a.Year()', 2024],
      ['dotted keys below a header', '[a]\nb.c = 1\n[a.d]\ne = 2\n', 'a', { b: { c: 1 }, d: { e: 2 } }],
      ['lists of tables in tables', '[[a]]\n[[a.b]]\nc = 1\n[[a.b]]\nc = 2\n', 'a[0].b[1].c', 2],
      ['Windows line ends and a byte order mark', '\uFEFFa = """\r\nx"""\r\n', 'a', 'x'],
      ['names of the prototype as plain names', 'a = {}\n"__proto__" = 1\n', '$env["__proto__"]', 1],
    ],
    refuses: [
      ['an empty file', ' \n', /^f: the TOML is empty$/],
      ['broken text', 'a = 1\nb = = 2\n', /^f: line 2, column 5: /],
      ['a key that stands there twice', 'a = 1\na = 2\n', /^f: line 2, column 1: .*multiple times/],
      ['endless nesting', `a = ${'['.repeat(10_000)}${']'.repeat(10_000)}`, /^f: .*nested too deeply$/],
      ['what JSON cannot carry', 'a = inf\n', /^f: outputs\[0\]\.fromExpression: JSON cannot carry/, 'a'],
    ],
  },
  large,
);
