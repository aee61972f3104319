import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readFreightArgument } from '../../src/client/freight-argument.ts';

const manifest = "kind: Freight\nmetadata:\n  name: abc\nimages:\n  - repoURL: a/b\n    tag: '1.20'\n";

describe('the freight argument', () => {
  const cwd = mkdtempSync(join(tmpdir(), 'gantry-freight-'));
  after(() => rmSync(cwd, { recursive: true }));
  const read = (text: string): ReturnType<typeof readFreightArgument> => {
    writeFileSync(join(cwd, 'freight.yaml'), text);
    return readFreightArgument('freight.yaml', cwd);
  };

  it('is a name where there is no such file', async () => {
    assert.equal(await readFreightArgument('amber-otter', cwd), 'amber-otter');
  });

  for (const path of ['gone.yaml', './gone', 'gone.json', 'x/gone']) {
    it(`is no name when it looks like a path: ${path}`, () =>
      assert.rejects(readFreightArgument(path, cwd), {
        name: 'InvalidInput',
        message: `--freight ${path}: there is no such file (a name or alias of Freight has no / in it)`,
      }));
  }

  it('is the Freight of a manifest', async () => {
    const [freight] = await read(manifest);
    assert.deepEqual(freight, {
      kind: 'Freight',
      metadata: { name: 'abc' },
      images: [{ repoURL: 'a/b', tag: '1.20' }],
    });
  });

  it('is all Freight of several documents and lists', async () => {
    assert.equal((await read(`${manifest}---\n- name: b\n- name: c\n`)).length, 3);
    assert.equal((await read('[{"name":"a"},{"name":"b"}]')).length, 2);
  });

  const bad: readonly [string, string, RegExp][] = [
    ['nothing', '', /^freight.yaml: there is no Freight in it$/],
    [
      'another kind',
      'kind: Stage\n',
      /^freight.yaml:1:7: kind "Stage" where Freight is expected\n> 1 \| kind: Stage\n/,
    ],
    ['a text', 'hello\n', /^freight.yaml:1:1: a text where Freight is expected\n/],
    ['broken YAML', 'a: [1\n', /^freight.yaml:2:1: .*\n {2}1 \| a: \[1\n> 2 \|\n {4}\| \^$/],
    [
      'a tag that YAML takes for a number',
      'images:\n  - repoURL: a/b\n    tag: 1.20\n',
      /^freight.yaml:3:10: "tag" must be text, not a number: put it in quotes\n(.*\n)+> 3 \| {5}tag: 1\.20\n {4}\| {10}\^\^\^\^$/,
    ],
    [
      'all mistakes at once',
      'images:\n  - repoURl: a/b\n    tag: x\n---\n[{nmae: x}]\n',
      /^freight.yaml:2:5: [^]*\n\nfreight.yaml:2:5: unknown field "repoURl", did you mean "repoURL"\?[^]*\n\nfreight.yaml:5:3: unknown field "nmae"/,
    ],
  ];
  for (const [title, text, message] of bad) {
    it(`refuses ${title}`, () => assert.rejects(read(text), { name: 'InvalidInput', message }));
  }
});
