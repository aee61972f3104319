import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { parse } from 'yaml';
import type { JsonPath } from '../../../src/core/json.ts';
import type { ScalarValue } from '../../../src/core/edit/render.ts';
import { updateYaml } from '../../../src/core/edit/yaml-update.ts';

describe('a value in YAML', () => {
  const cases: readonly (readonly [
    title: string,
    file: string,
    path: JsonPath,
    value: ScalarValue,
    becomes: string,
  ])[] = [
    ['plain', 'a: 1\nb: x # c\n', ['b'], 'z', 'a: 1\nb: z # c\n'],
    ['double-quoted', 'a: "x"\n', ['a'], 'y', 'a: "y"\n'],
    ['single-quoted', "a: 'x'\n", ['a'], "it's", "a: 'it''s'\n"],
    [
      'nested, in an odd indent',
      'a:\n     b:\n        - c:   x   # d\n',
      ['a', 'b', 0, 'c'],
      'z',
      'a:\n     b:\n        - c:   z   # d\n',
    ],
    ['in flow', 'a: {b: [1,2 , 3], c: d}\n', ['a', 'b', 1], 5, 'a: {b: [1,5 , 3], c: d}\n'],
    ['text with a comma in flow', 'a: [x]\n', ['a', 0], 'y, z', 'a: ["y, z"]\n'],
    ['CRLF', 'a: x\r\nb: y\r\n', ['a'], 'z', 'a: z\r\nb: y\r\n'],
    ['byte order mark', '\uFEFFa: x\n', ['a'], 'z', '\uFEFFa: z\n'],
    ['empty', 'a:\nb: 1\n', ['a'], 'z', 'a: z\nb: 1\n'],
    ['empty before a comment', 'a: # c\nb: 1\n', ['a'], 'z', 'a: z # c\nb: 1\n'],
    ['literal block', 'a: |\n  x\n  y\nb: 1\n', ['a'], 'z', 'a: z\nb: 1\n'],
    ['folded block with CRLF', 'a: >-\r\n  x\r\n  y\r\nb: 1\r\n', ['a'], 'z', 'a: z\r\nb: 1\r\n'],
    ['plain over lines', 'a: x\n  y\n  z\nb: 1\n', ['a'], 'z', 'a: z\nb: 1\n'],
    ['several lines', 'a: x\n', ['a'], 'y\nz', 'a: "y\\nz"\n'],
    ['a tag and an anchor', 'a: &n !!str x # c\n', ['a'], 'z', 'a: &n !!str z # c\n'],
    ['a big number', 'a: 1\n', ['a'], 1000000, 'a: 1000000\n'],
    ['a boolean', 'a: x\n', ['a'], true, 'a: true\n'],
    ['null', 'a: x\n', ['a'], null, 'a: null\n'],
    ['text YAML 1.1 misreads', 'a: x\n', ['a'], 'yes', 'a: "yes"\n'],
    ['text like a number', 'a: x\n', ['a'], '1.20', 'a: "1.20"\n'],
    ['a number as key', '8080: x\n', ['8080'], 'z', '8080: z\n'],
    ['the first of two documents', 'a: x\n---\na: x\n', ['a'], 'z', 'a: z\n---\na: x\n'],
    [
      'templates around it',
      'a: {{ x }}\n'.replace('{{ x }}', '"{{ x }}"'),
      ['a'],
      '{{ y }}',
      'a: "{{ y }}"\n',
    ],
  ];
  for (const [title, file, path, value, becomes] of cases) {
    it(`changes and nothing else: ${title}`, () =>
      assert.equal(updateYaml(file, [{ path, value }]), becomes));
  }

  const refused: readonly (readonly [title: string, file: string, path: JsonPath, message: RegExp])[] = [
    ['an absent key', 'a: 1\n', ['b'], /^line 1, column 1: b does not exist$/],
    ['an index out of range', 'a: [1]\n', ['a', 1], /^line 1, column 4: a\[1\] does not exist$/],
    ['a way through a scalar', 'a: 1\n', ['a', 'b'], /^line 1, column 4: a\.b does not exist/],
    ['a map', 'a:\n  b: 1\n', ['a'], /^line 2, column 3: a is no single value/],
    ['an alias', 'a: &x 1\nb: *x\n', ['b'], /^line 2, column 4: b is the alias \*x/],
    [
      'a way through an alias',
      'a: &x {c: 1}\nb: *x\n',
      ['b', 'c'],
      /^line 2, column 4: b\.c lies behind the alias \*x/,
    ],
    ['a key twice', 'a: 1\na: 2\n', ['a'], /^line 2, column 1: a key stands here twice$/],
    ['no YAML', 'a: "x\n', ['a'], /^line \d+, column \d+: /],
  ];
  for (const [title, file, path, message] of refused) {
    it(`refuses ${title}`, () => assert.throws(() => updateYaml(file, [{ path, value: 2 }]), { message }));
  }

  it('names all that stands in the way', () => {
    const edits = [['b'], ['c']].map((path) => ({ path, value: 1 }));
    assert.throws(() => updateYaml('a: 1\n', edits), { message: /b does not exist; .*c does not exist/ });
  });

  it('makes many edits at once, any text being kept as text', () => {
    const text = fc.string({ maxLength: 12, unit: 'grapheme' });
    fc.assert(
      fc.property(fc.array(text, { minLength: 3, maxLength: 3 }), ([a, b, c]) => {
        const file = 'a: x # 1\nl: [ "x", y ]\nm:\n  - k: \'x\'\n';
        const edits = [
          { path: ['m', 0, 'k'], value: c! },
          { path: ['a'], value: a! },
          { path: ['l', 1], value: b! },
        ];
        const updated = updateYaml(file, edits);
        assert.deepEqual(parse(updated), { a, l: ['x', b], m: [{ k: c }] });
        assert.match(updated, /# 1\nl: \[ "x", /);
      }),
      { numRuns: 500 },
    );
  });
});
