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
    [
      'items and members that are found in other ways',
      '{"l":[{"n":1,"m":{"k":"ab"}},{"n":3,"m":{"k":"xy"}}],"t":["x","y"],"host-a":1,"a*":1,"ab":1}',
      [
        ['l.#(n>1).n', 9],
        ['l.#(n<=1).x', 1],
        ['l.#(m.k%"a*").m.w', 'z'],
        ['t.#(!="x")', 'q'],
        ['l.#.v', 1],
        ['host-?', 2],
        ['a*', 5],
      ],
      '{"l":[{"n":1,"m":{"k":"ab","w":"z"},"x":1,"v":1},{"n":9,"m":{"k":"xy"},"v":1}],"t":["x","q"],"host-a":2,"a*":5,"ab":1}',
    ],
    [
      'members called like a search',
      '{"a|b":1,"c#d":1}',
      [
        ['a|b', 2],
        ['c#d', 2],
        ['\\*', 3],
        ['dependencies.@acme/ui', '1'],
      ],
      '{"a|b":2,"c#d":2,"*":3,"dependencies":{"@acme/ui":"1"}}',
    ],
    ['places in lists that are not there yet', '{}', [['a.2.b.-1', 1]], '{"a":[null,null,{"b":[1]}]}'],
    [
      'numbers as names',
      '{"ports":{"80":"a"}}',
      [
        ['ports.80', 'b'],
        ['ports.:443', 'c'],
        ['new.:0', 1],
      ],
      '{"ports":{"80":"b","443":"c"},"new":{"0":1}}',
    ],
    [
      'escaped dots, colons and backslashes',
      '{"a.b":1,":c":1,"d\\\\e":1}',
      [
        ['a\\.b', 2],
        ['\\:c', 2],
        ['d\\\\e', 2],
      ],
      '{"a.b":2,":c":2,"d\\\\e":2}',
    ],
    ['a text in the place of a list, and below', '{"a":"x"}', [['a.0', 1]], '{"a":[1]}'],
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
      'a sign that fits nothing',
      '{"a":{}}',
      [['a.b*', 1]],
      /^f: a\.b\*: nothing is like b\*; write a backslash/,
    ],
    ['a search below nothing', '{}', [['l.#.v', 1]], /^f: l\.#\.v: nothing is like #/],
    [
      'queries that cannot be meant',
      '{"l":[{"n":1}]}',
      [
        ['l.#(n', 1],
        ['l.#(n==x)', 1],
        ['l.#(n%1)', 1],
      ],
      /^updates\[0\]\.key: .*a query is written.*; updates\[1\]\.key: .*neither.*; updates\[2\]\.key: .*no pattern/,
    ],
    [
      'a key in a list that says it is a name',
      '{"l":[1]}',
      [['l.:0', 1]],
      /^f: l\.:0: "0" is no place in a list/,
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
