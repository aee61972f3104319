import assert from 'node:assert/strict';
import { readYaml } from '../../../src/core/definitions/read-yaml.ts';
import type { Locate } from '../../../src/core/fields.ts';
import type { Json, JsonPath } from '../../../src/core/json.ts';
import { valueAt } from '../../../src/core/json.ts';

/** `line:column` of every place asked for. */
function locate(text: string, path: JsonPath, part?: 'key' | number): string {
  const { documents, problems } = readYaml('f.yaml', text);
  assert.deepEqual(problems, []);
  const { line, column } = documents[0]!.locate(path, part);
  return `${line}:${column}`;
}

describe('places of values', () => {
  const text =
    'kind: Stage # x\nspec:\n  steps:\n    - uses: a\n    - uses: "b"\n      config: {p: [1, 2]}\n';
  const cases: readonly (readonly [JsonPath, 'key' | undefined, string])[] = [
    [['kind'], undefined, '1:7'],
    [['spec', 'steps', 0, 'uses'], undefined, '4:13'],
    [['spec', 'steps', 1, 'uses'], undefined, '5:13'],
    [['spec', 'steps', 1, 'config', 'p', 1], undefined, '6:23'],
    [['spec', 'steps', 1, 'config', 'p'], 'key', '6:16'],
    [['spec', 'steps', 1, 'config', 'missing', 'deep'], undefined, '6:15'],
    [['spec', 'steps', 7], undefined, '4:5'],
    [[], undefined, '1:1'],
  ];
  for (const [path, part, place] of cases) {
    it(`finds ${path.join('.') || 'the root'} at ${place}`, () =>
      assert.equal(locate(text, path, part), place));
  }

  it('counts lines through documents, CRLF and a byte order mark', () => {
    const { documents } = readYaml('f.yaml', '\uFEFFa: 1\r\n---\r\nb: é🚀\r\nc: 2\r\n');
    assert.deepEqual(documents[0]!.locate(['a']), { source: 'f.yaml', line: 1, column: 4, length: 1 });
    assert.deepEqual(documents[1]!.locate(['c']), { source: 'f.yaml', line: 4, column: 4, length: 1 });
  });

  const spans: readonly [string, string, JsonPath, Parameters<Locate>[1], number | undefined, number][] = [
    ['a plain value', 'a: one two # three\n', ['a'], undefined, undefined, 7],
    ['a value in quotes', 'a: "one #2"\n', ['a'], undefined, undefined, 8],
    ['a key', 'name: x\n', ['name'], 'key', undefined, 4],
    ['the first line of a map', 'a:\n  b: 1\n  c: 2\n', ['a'], undefined, undefined, 4],
    ['a flow map', 'a: {b: 1}\n', ['a'], undefined, undefined, 6],
    ['the header of a block', 'a: |\n  one\n', ['a'], undefined, undefined, 1],
    ['characters of a plain value', 'a: one two\n', ['a'], 4, 3, 3],
    ['characters behind escapes', 'a: "\\t\\u00e9two"\n', ['a'], 1, 4, 9],
    ['characters of a block, to the end of their line', 'a: |\n  one\n  two\n', ['a'], 1, 5, 2],
  ];
  for (const [title, text, path, part, length, expected] of spans) {
    it(`tell the length of ${title}`, () => {
      const place = readYaml('f.yaml', text).documents[0]!.locate(path, part, length);
      assert.equal(place.length, expected);
    });
  }

  it('follows an alias to itself and below it to what it stands for', () => {
    const text = 'a: &x\n  p: 1\nb: *x\n';
    assert.equal(locate(text, ['b']), '3:4');
    assert.equal(locate(text, ['b', 'p']), '2:6');
  });
});

describe('places of characters inside a text', () => {
  // In each, the place of the X is asked for: the value is searched for it.
  const texts: readonly (readonly [string, string])[] = [
    ['plain', 'v: abc X'],
    ['plain in a flow map', 'o: 1\nv: {w: ab X}'],
    ['single quotes', "v: 'it''s ''X'"],
    ['double quotes with escapes', 'v: "a\\tb\\u00e9\\x41\\U0001F600\\"X"'],
    ['literal block', 'v: |\n  one\n  two X\n'],
    ['literal block, indented lines', 'v: |-\n  one\n    two\n      X\n'],
    ['literal block, blank lines', 'v: |\n\n  one\n\n  X\n'],
    ['literal block, indentation told', 'v: |2\n    one\n   X\n'],
    ['literal block in a list', 'a:\n- v: |+\n    one\n    X\n\n'],
    ['literal block, CRLF', 'v: |\r\n  one\r\n  two X\r\n'],
    ['folded block', 'v: >\n  one\n  two\n\n  three X\n'],
    ['folded block, CRLF', 'v: >-\r\n  one\r\n  two X\r\n'],
    ['plain over lines', 'v: one\n  two\n  X three'],
    ['double quotes over lines', 'v: "one\n  two X"'],
    ['single quotes over lines', "v: 'one\n\n  two X'"],
    ['behind an emoji', 'v: "🚀 X"'],
  ];
  for (const [what, text] of texts) {
    it(what, () => {
      const { documents, problems } = readYaml('f.yaml', text);
      assert.deepEqual(problems, []);
      const path = pathOfX(documents[0]!.value);
      const value = valueAt(documents[0]!.value, path) as string;
      const { line, column } = documents[0]!.locate(path, value.indexOf('X'));
      const lines = text.split('\n');
      const wanted = lines.findIndex((one) => one.includes('X'));
      assert.equal(`${line}:${column}`, `${wanted + 1}:${lines[wanted]!.indexOf('X') + 1}`);
    });
  }
});

function pathOfX(value: Json, path: JsonPath = []): JsonPath {
  if (typeof value === 'string') return value.includes('X') ? path : [];
  const entries = Object.entries(value as object) as [string, Json][];
  for (const [key, item] of entries) {
    const part = Array.isArray(value) ? Number(key) : key;
    const found = pathOfX(item, [...path, part]);
    if (found.length) return found;
  }
  return [];
}
