import assert from 'node:assert/strict';
import { mergeYaml } from '../../../src/core/edit/yaml-merge.ts';

const merge = (...texts: readonly string[]) =>
  mergeYaml(
    texts.map((_, index) => `${index}.yaml`),
    texts,
  );
const service = (ports: string) => `apiVersion: v1\nkind: Service\nspec:\n  ports:\n${ports}`;

describe('merging YAML', () => {
  const cases: readonly (readonly [string, readonly string[], string])[] = [
    ['nothing', ['', ' \n# only this\n', '---\n'], ''],
    ['a null that deletes nothing', ['a: 1\n', 'b: ~\nc: {d: null, e: 2}\n'], 'a: 1\nc: {e: 2}\n'],
    ['a map with nulls in the place of a value', ['a: 1\n', 'a: {b: null, c: 2}\n'], 'a: {c: 2}\n'],
    ['nulls of the first file', ['a:\nb: ~\nc: "null"\n'], 'a: null\nb: ~\nc: "null"\n'],
    ['an empty map, which changes nothing', ['a: {x: 1}\n', 'a: {}\n'], 'a: {x: 1}\n'],
    ['a number in the place of a text', ['a: "1.20"\n', 'a: 1.20\n'], 'a: 1.20\n'],
    ['a text that looks like a number', ['a: x\n', 'a: "1"\n'], 'a: "1"\n'],
    ['texts, in the quotes of the first', ["a: 'x'\nb: x\n", 'a: y z\nb: "w"\n'], "a: 'y z'\nb: w\n"],
    ['a block in the place of a line', ['a: x\n', 'a: |\n  one\n  two\n'], 'a: |\n  one\n  two\n'],
    ['lists at the root', ['- 1\n- 2\n', '- 3\n'], '- 3\n'],
    ['tags', ['a: !!str 5\nb: !own {x: 1}\n', 'c: !own 1\n'], 'a: !!str 5\nb: !own {x: 1}\nc: !own 1\n'],
    ['line ends of Windows', ['a: 5\r\nb: 6\r\n', 'b: 7\n'], 'a: 5\r\nb: 7\r\n'],
    ['line ends of Windows into others', ['a: 5\nb: 6\n', 'b: 7\r\n'], 'a: 5\nb: 7\n'],
    ['line ends of Windows behind nothing', ['# none\n', 'a: |\r\n  x\r\n  y\r\n'], 'a: |\r\n  x\r\n  y\r\n'],
    [
      'comments with line ends of Windows',
      ['# one\r\na: 1 # two\r\n', 'b: 2\n'],
      '# one\r\na: 1 # two\r\nb: 2\r\n',
    ],
    ['a byte order mark', ['\uFEFFa: 5\n', '\uFEFFa: 7\n'], '\uFEFFa: 7\n'],
    ['a byte order mark into others', ['a: 5\n', '\uFEFFb: 7\n'], 'a: 5\nb: 7\n'],
    ['keys that are no text', ['1: a\ntrue: b\n', '1: c\n'], '1: c\ntrue: b\n'],
    [
      'an alias that means the same afterwards',
      ['b: &b {x: 1}\nc: *b\n', 'd: 1\n'],
      'b: &b {x: 1}\nc: *b\nd: 1\n',
    ],
    ['an alias whose anchor changes', ['b: &b {x: 1}\nc: *b\n', 'b: {x: 2}\n'], 'b: {x: 2}\nc: {x: 1}\n'],
    [
      'an alias that changes itself',
      ['b: &b {x: 1}\nc: *b\n', 'c: {y: 2}\n'],
      'b: {x: 1}\nc: {x: 1, y: 2}\n',
    ],
    ['an alias whose anchor goes', ['b: &b {x: 1}\nc: *b\n', 'b: null\n'], 'c: {x: 1}\n'],
    [
      'a merge key that brings what is deleted',
      ['b: &b {x: 1}\nc: {<<: *b, y: 2}\n', 'c: {x: null}\n'],
      'b: {x: 1}\nc: {y: 2}\n',
    ],
    [
      'anchors of a later file',
      ['a: 1\n', 'x: &x {k: 1}\ny: {<<: *x, l: 2}\n'],
      'a: 1\nx: {k: 1}\ny: {k: 1, l: 2}\n',
    ],
    [
      'ports of a Service, by port',
      [
        service('  - port: 80\n    name: http\n'),
        service('  - port: 80\n    targetPort: 8080\n  - port: 443\n'),
      ],
      service('  - port: 80\n    name: http\n    targetPort: 8080\n  - port: 443\n'),
    ],
    [
      'lists of an object of a foreign API',
      ['apiVersion: x.example/v1\nkind: A\nenv:\n- name: a\n', 'env:\n- name: b\n'],
      'apiVersion: x.example/v1\nkind: A\nenv:\n- name: b\n',
    ],
  ];
  for (const [name, texts, expected] of cases) {
    it(`merges ${name}`, () => {
      assert.equal(merge(...texts), expected);
    });
  }

  const sheep = (n: number) => Array.from({ length: 9 }, () => `*a${n}`).join(', ');
  const flock = ['a0: &a0 x', ...[0, 1, 2, 3, 4, 5].map((n) => `a${n + 1}: &a${n + 1} [${sheep(n)}]`)].join(
    '\n',
  );
  const refused: readonly (readonly [string, readonly string[], RegExp])[] = [
    ['a map and a list', ['a: 1\n', '- 1\n'], /^1\.yaml: one of the files is a map/],
    ['what is no YAML', ['a: 1\n', 'a: [\n'], /^1\.yaml: line 2, column 1: /],
    [
      'a key that stands there twice',
      ['a: 1\n', 'a: 1\na: 2\n'],
      /^1\.yaml: line 2, column 1: a key stands here twice/,
    ],
    ['aliases that stand for too much', ['a: 1\n', flock], /its aliases stand for too much/],
    ['what is nested too deeply', ['a: 1\n', '['.repeat(5000)], /nested too deeply/],
  ];
  for (const [name, texts, message] of refused) {
    it(`refuses ${name}`, () => {
      assert.throws(() => merge(...texts), { name: 'Error', message });
    });
  }
});
