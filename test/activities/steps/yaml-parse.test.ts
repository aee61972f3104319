import { yamlParse } from '../../../src/activities/steps/yaml-parse.ts';
import { describeParseStep } from '../../support/documents.ts';

const large = Array.from({ length: 20_000 }, (_, n) => `key${n}: {name: thing ${n}, list: [${n}]}\n`).join(
  '',
);

describeParseStep(
  yamlParse,
  {
    reads: [
      ['an alias and a merge key', 'a: &x {b: 1}\nc:\n  <<: *x\n  d: 2\n', 'c', { b: 1, d: 2 }],
      ['words of YAML 1.1 as text', 'a: [yes, off, 012]\n', 'a', ['yes', 'off', 12]],
      ['Windows line ends and a byte order mark', '\uFEFFa: |\r\n  x\r\n', 'a', 'x\n'],
      ['keys that are no text', '1: a\ntrue: b\n', '$env["1"] + $env["true"]', 'ab'],
    ],
    refuses: [
      ['an empty file', '# nothing\n', /^f: the YAML is empty$/],
      ['broken text', 'a: 1\n\tb: 2\n', /^f: line 2, column \d+: /],
      [
        'a key that stands there twice',
        'a: 1\nb: 2\na: 3\n',
        /^f: line 3, column 1: a key stands here twice$/,
      ],
      ['an alias without an anchor', 'a: *x\n', /^f: .*x/],
      ['aliases that multiply', bomb(), /^f: .*alias/i],
      ['endless nesting', '['.repeat(100_000), /^f: the YAML is nested too deeply$/],
    ],
  },
  large,
);

function bomb(): string {
  const lines = Array.from({ length: 12 }, (_, n) => `a${n + 1}: &a${n + 1} [${`*a${n},`.repeat(9)}]`);
  return ['a0: &a0 [x]', ...lines].join('\n');
}
