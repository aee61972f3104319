import { tomlUpdate } from '../../../src/activities/steps/toml-update.ts';
import { describeUpdateStep } from '../../support/edits.ts';

const large = Array.from(
  { length: 20_000 },
  (_, n) => `key${n} = {name = "thing-${n}"} # ${'comment '.repeat(4)}\n`,
).join('');

describeUpdateStep(tomlUpdate, {
  writes: [
    [
      'between comments, with Windows line ends',
      '# a\r\nb = "x" # c\r\n',
      [['b', 'y']],
      "# a\r\nb = 'y' # c\r\n",
    ],
    ['behind a byte order mark', '\uFEFFa = 1\nb = 2\n', [['b', 3]], '\uFEFFa = 1\nb = 3\n'],
    ['a fraction where one stood', 'a = 7.0\nb = 1_000.50\n', [['a', 8]], 'a = 8.0\nb = 1_000.50\n'],
    ['text where a date stood', 'a = 2024-01-31 # d\n', [['a', 'x']], "a = 'x' # d\n"],
    ['text with quotes and control characters', "a = 'x'\n", [['a', "it's\t1"]], 'a = "it\'s\\t1"\n'],
    [
      'below dotted keys and lists of tables',
      '[[a]]\nb.c = 1\n[[a]]\nb.c = 2\n',
      [['a.1.b.c', 3]],
      '[[a]]\nb.c = 1\n[[a]]\nb.c = 3\n',
    ],
    [
      'the last of two values for one place',
      'a = 1\n',
      [
        ['a', 2],
        ['a', true],
      ],
      'a = true\n',
    ],
    ['a large number with plain digits', 'a = 1\n', [['a', 1_000_000]], 'a = 1000000\n'],
  ],
  refuses: [
    ['broken text', 'a = 1\nb = = 2\n', [['a', 2]], /^f: line 2, column \d+: /],
    [
      'all that stands in the way',
      'a = 1\n[t]\nl = [1]\n',
      [
        ['b', 1],
        ['a.x', 1],
        ['t.l.5', 1],
        ['t', 1],
      ],
      /^f: b does not exist: .*; line 1, column 5: a\.x does not exist: .*; t\.l\[5\] does not exist: .*; t is no single value but a table$/,
    ],
    ['a key that stands there twice', 'a = 1\na = 2\n', [['a', 3]], /^f: line 2, column 1: /],
    ['keys that cannot be meant', 'a = 1\n', [['a..b', 1]], /^updates\[0\]\.key: /],
    [
      'endless nesting',
      `a = ${'['.repeat(10_000)}${']'.repeat(10_000)}`,
      [['b', 1]],
      /^f: the TOML is nested too deeply$/,
    ],
    ['bytes that are no UTF-8', { base64: 'YSA9ICfDJw==' }, [['a', 1]], /^path "f" is no UTF-8 text$/],
  ],
  large: [large, ['key19999.name', 'new'], large.replace('"thing-19999"', "'new'")],
});
