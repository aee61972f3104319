import { jsonParse } from '../../../src/activities/steps/json-parse.ts';
import { describeParseStep } from '../../support/documents.ts';

const large = `{\n${Array.from({ length: 20_000 }, (_, n) => `"key${n}": {"name": "thing ${n}", "list": [${n}]}`).join(',\n')}}`;

describeParseStep(
  jsonParse,
  {
    reads: [
      ['a list', '[1, "x"]', '$env[1]', 'x'],
      ['names of the prototype as plain names', '{"a": {}}', 'a.constructor ?? a.__proto__', null],
      ['Windows line ends', '{\r\n"a": 1\r\n}', 'a', 1],
    ],
    refuses: [
      ['an empty file', '', /^f: the JSON is empty$/],
      ['a trailing comma', '{\n  "a": 1,\n}', /^f: line 3, column 1: property name expected$/],
      ['a text that ends too early', '{"a": [1', /^f: line 1, column 9: /],
      ['a byte order mark', '\uFEFF{}', /^f: line 1, column 1: .*byte order mark/],
      ['a number that is too large', '{"a": 1e999}', /^f: a number is too large$/],
      ['endless nesting', '['.repeat(5000) + ']'.repeat(5000), /^f: .*nested too deeply$/],
      [
        'what JSON cannot carry',
        '[1, 2]',
        /^f: outputs\[0\]\.fromExpression: JSON cannot carry/,
        'groupBy($env, #)',
      ],
    ],
  },
  large,
);
