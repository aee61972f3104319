import { jsonUpdate } from '../../../src/activities/steps/json-update.ts';
import { describeUpdateStep } from '../../support/edits.ts';

const lines = Array.from(
  { length: 20_000 },
  (_, n) => `  "key${n}": {"name": "thing-${n}", "more": "${'x'.repeat(20)}"}`,
);
const large = `{\n${lines.join(',\n')}\n}\n`;

describeUpdateStep(jsonUpdate, {
  writes: [
    [
      'between comments',
      '{\n  // a\n  "a": 1, // b\n  /* c */ "b": 2\n}\n',
      [['a', 'x']],
      '{\n  // a\n  "a": "x", // b\n  /* c */ "b": 2\n}\n',
    ],
    [
      'with Windows line ends and a byte order mark',
      '\uFEFF{\r\n\t"a": 1\r\n}',
      [['b', true]],
      '\uFEFF{\r\n\t"a": 1,\r\n\t"b": true\r\n}',
    ],
    [
      'beside numbers that no double can hold',
      '{"a": 12345678901234567890, "b": 1.10}',
      [['c', 1]],
      '{"a": 12345678901234567890, "b": 1.10, "c": 1}',
    ],
    [
      'items in the style of the list',
      '{"l": [\n  1,\n  2\n]}',
      [['l.-1', 3]],
      '{"l": [\n  1,\n  2,\n  3\n]}',
    ],
    ['an item far behind the end', '{"l":[1]}', [['l.3', 'x']], '{"l":[1,null,null,"x"]}'],
    [
      'all items that a query finds',
      '[{"n":1,"v":1},{"n":2,"v":1},{"n":1,"v":1}]',
      [['#(n==1)#.v', 2]],
      '[{"n":1,"v":2},{"n":2,"v":1},{"n":1,"v":2}]',
    ],
    ['an object and a list', '{"a": 1}', [['a', { b: [1, { c: null }] }]], '{"a": {"b":[1,{"c":null}]}}'],
    ['names of the prototype as plain names', '{}', [['constructor.x', 1]], '{"constructor":{"x":1}}'],
    ['text that looks like a number', '{"a": 1}', [['a', '1.20']], '{"a": "1.20"}'],
    ['an empty file', '', [['a.-1', 1]], '{"a":[1]}'],
  ],
  refuses: [
    ['broken text', '{\n  "a": 1\n  "b": 2\n}', [['a', 2]], /^f: line 3, column 3: comma expected$/],
    ['two documents', '{"a":1}\n{"a":2}\n', [['a', 2]], /^f: line 2, column 1: /],
    [
      'all of it when one key is wrong',
      '{"l":[1]}',
      [
        ['a', 1],
        ['l.x', 2],
      ],
      /^f: l\.x: "x" is no place in a list/,
    ],
    [
      'keys that cannot be meant',
      '{}',
      [
        ['a..b', 1],
        ['a\\', 1],
      ],
      /^updates\[0\]\.key: .*; updates\[1\]\.key: .*backslash/,
    ],
    [
      'a query that finds nothing',
      '{"l":[]}',
      [['l.#(n=="x").v', 1]],
      /^f: l\.#\(n=="x"\)\.v does not exist/,
    ],
    [
      'endless nesting',
      '['.repeat(20_000) + ']'.repeat(20_000),
      [['0', 1]],
      /^f: the JSON is nested too deeply$/,
    ],
    ['bytes that are no UTF-8', { base64: 'eyJhIjoiwyJ9' }, [['a', 1]], /^path "f" is no UTF-8 text$/],
  ],
  large: [large, ['key19999.name', 'new'], large.replace('"thing-19999"', '"new"')],
});
