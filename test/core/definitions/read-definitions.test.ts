import assert from 'node:assert/strict';
import { findManifest, listManifests, type Definitions } from '../../../src/core/definitions/manifest.ts';
import { definitionsFromJson, readDefinitions } from '../../../src/core/definitions/read-definitions.ts';
import { formatProblem } from '../../../src/core/problem.ts';

function read(...texts: readonly string[]): Definitions {
  return readDefinitions(texts.map((text, index) => ({ name: `${index + 1}.yaml`, text })));
}

function manifest(kind: string, name: string, rest = ''): string {
  return `apiVersion: kargo.akuity.io/v1alpha1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}`;
}

function problems(definitions: Definitions): readonly string[] {
  return definitions.problems.map(formatProblem);
}

const kargo = '# kargo.akuity.io\n';

describe('reading definitions', () => {
  it('takes many documents of many files, with their places', () => {
    const found = read(
      `${manifest('Project', 'demo')}---\n${manifest('Stage', 'test')}`,
      manifest('Freight', 'f1'),
    );
    assert.deepEqual(problems(found), []);
    assert.deepEqual(
      found.manifests.map(({ kind, name }) => `${kind}/${name}`),
      ['Project/demo', 'Stage/test', 'Freight/f1'],
    );
    const place = found.manifests[1]!.locate(['metadata', 'name']);
    assert.deepEqual(place, { source: '1.yaml', line: 9, column: 9, length: 4 });
  });

  it('recognizes every kind of Kargo', () => {
    const kinds =
      'Project ProjectConfig ClusterConfig Warehouse Freight Stage Promotion PromotionTask ClusterPromotionTask';
    const found = read(
      kinds
        .split(' ')
        .map((kind) => manifest(kind, 'x'))
        .join('---\n'),
    );
    assert.deepEqual(found.notes, []);
    assert.equal(found.manifests.length, 9);
  });

  it('reads JSON, indented with tabs, and lists of manifests', () => {
    const stage =
      '{\n\t"apiVersion": "kargo.akuity.io/v1alpha1",\n\t"kind": "Stage", "metadata": {"name": "a"}}';
    const list = `apiVersion: v1\nkind: List\nitems:\n- ${manifest('Stage', 'b').replace(/\n/g, '\n  ').trim()}\n`;
    const found = read(stage, `[${stage.replace('"a"', '"c"')}]`, list);
    assert.deepEqual(problems(found), []);
    assert.deepEqual(
      found.manifests.map(({ name }) => name),
      ['a', 'c', 'b'],
    );
    assert.equal(found.manifests[2]!.locate(['metadata', 'name']).line, 7);
  });

  it('reads words and numbers as Kubernetes does', () => {
    const found = read(
      manifest('Stage', 'x', 'spec: {a: yes, b: 0644, c: "yes", d: 12:30, e: 2024-01-01, f: 1_000}\n'),
    );
    assert.deepEqual(found.manifests[0]!.body['spec'], {
      a: true,
      b: 420,
      c: 'yes',
      d: '12:30',
      e: '2024-01-01',
      f: 1000,
    });
  });

  it('leaves other kinds aside with a note', () => {
    const found = read('apiVersion: v1\nkind: ConfigMap\n---\n---\na: 1\n', manifest('Stge', 'x'));
    assert.deepEqual(problems(found), []);
    assert.deepEqual(found.notes.map(formatProblem), [
      '1.yaml:2:7: note: ConfigMap (v1) is not a Kargo kind: ignored',
      '1.yaml:5:1: note: not a Kubernetes manifest ("apiVersion" and "kind"): ignored',
      '2.yaml:2:7: warning: unknown Kargo kind Stge ignored: did you mean Stage?',
    ]);
  });

  it('notes another version of the API', () => {
    const found = read(manifest('Stage', 'x').replace('v1alpha1', 'v1beta1'));
    assert.match(found.notes[0]!.message, /only kargo.akuity.io\/v1alpha1 is known/);
  });

  const broken: readonly (readonly [string, string, RegExp])[] = [
    ['a tab', 'a:\n\tb: 1', /^1\.yaml:3:1: a tab is not allowed as indentation/],
    ['a key twice', 'a: 1\nb: 2\na: 3', /^1\.yaml:4:1: the same key twice in one map/],
    ['a flow map that is not closed', 'a: {b: 1', /^1\.yaml:2:\d+: .*}/],
    ['a map inside a line', 'a: b: c', /^1\.yaml:2:4: a map inside a line/],
    ['braces without quotes', 'a: {{ x }}', /^1\.yaml:2:5: a key must be text/],
    ['an unknown alias', 'a: *nope', /^1\.yaml:\d+:\d+: .*nope/],
    ['what JSON cannot hold', 'a: .inf', /^1\.yaml:2:4: Infinity cannot be written as JSON/],
    ['a list too deep', `a: ${'['.repeat(100_000)}`, /^1\.yaml:2:\d+: nested deeper than 100 levels/],
    ['dashes too deep', `${'- '.repeat(5000)}x`, /nested deeper than 100 levels/],
    ['aliases that multiply', bomb(), /^1\.yaml:\d+:\d+: Excessive alias count/],
    [
      'a name that is missing',
      'apiVersion: kargo.akuity.io/v1alpha1\nkind: Stage',
      /^1\.yaml:2:1: Stage without "metadata.name"/,
    ],
    [
      'a name that is no text',
      manifest('Stage', '7'),
      /^1\.yaml:5:9: "name" must be text, not a number: put it in quotes/,
    ],
  ];
  for (const [what, text, expected] of broken) {
    it(`reports ${what}`, () => {
      const found = problems(read(kargo + text));
      assert.equal(found.length, 1, found.join('\n'));
      assert.match(found[0]!, expected);
    });
  }

  it('does not let files break a promotion that have nothing to do with it', () => {
    const found = read(
      '{{- if .Values.x }}\na: {{ .Values.y }}',
      'x'.repeat(5_000_000),
      manifest('Stage', 'test'),
    );
    assert.deepEqual(problems(found), []);
    assert.equal(found.notes.length >= 2, true);
    assert.equal(found.manifests.length, 1);
  });

  it('refuses a file of 5 MB that could hold definitions, at once', () => {
    const started = Date.now();
    const found = problems(read(kargo + 'a: 1\n'.repeat(1_000_000)));
    assert.match(found[0]!, /^1\.yaml: larger than 1 MiB: split it/);
    assert.ok(Date.now() - started < 500);
  });

  it('gives Freight without a name the one that follows from its artifacts', () => {
    const found = read(
      'apiVersion: kargo.akuity.io/v1alpha1\nkind: Freight\nimages: [{repoURL: app, tag: v1}]\n',
      'apiVersion: kargo.akuity.io/v1alpha1\nkind: Freight\nmetadata: {labels: {}}\n',
    );
    assert.match(found.manifests[0]!.name, /^[0-9a-f]{40}$/);
    assert.deepEqual(problems(found), ['2.yaml:1:1: Freight needs a name, or at least one artifact']);
  });

  it('keeps keys that objects inherit', () => {
    const { body } = read(manifest('Stage', 'x', '__proto__: {polluted: 1}\nconstructor: 2\n')).manifests[0]!;
    assert.equal(Object.hasOwn(body, '__proto__'), true);
    assert.equal(({} as Record<string, unknown>)['polluted'], undefined);
  });
});

describe('objects that are defined twice', () => {
  const inDemo = manifest('Stage', 'test').replace('metadata:', 'metadata:\n  namespace: demo');
  it('are a problem that names both places', () => {
    const found = problems(read(inDemo, inDemo));
    assert.deepEqual(found, ['2.yaml:5:9: Stage "test" is already defined at 1.yaml:5:9: remove one']);
  });
  it('are none in different namespaces: the own one wins, then the one for all', () => {
    const found = read(manifest('Stage', 'test'), inDemo);
    assert.deepEqual(problems(found), []);
    assert.equal(findManifest(found, 'Stage', 'test', 'demo')?.namespace, 'demo');
    assert.equal(findManifest(found, 'Stage', 'test', 'other')?.namespace, undefined);
    assert.equal(listManifests(found, 'Stage', 'other').length, 1);
  });
});

describe('definitions that are sent along', () => {
  it('are placed by their JSON path', () => {
    const found = definitionsFromJson([
      { apiVersion: 'kargo.akuity.io/v1alpha1', kind: 'Stage', metadata: { name: 'test' } },
      { apiVersion: 'kargo.akuity.io/v1alpha1', kind: 'Stage', metadata: {} },
    ]);
    assert.deepEqual(problems(found), [
      'input: definitions[1].metadata.name: "name" is missing: every Stage needs one',
    ]);
    assert.deepEqual(found.manifests[0]!.locate(['spec', 'x']).path, ['definitions', 0, 'spec', 'x']);
  });
});

function bomb(): string {
  const lines = ['a: &a [x, x, x, x, x, x, x, x, x]'];
  for (const name of 'bcdefghi') {
    const previous = String.fromCharCode(name.charCodeAt(0) - 1);
    lines.push(`${name}: &${name} [${Array(9).fill(`*${previous}`).join(', ')}]`);
  }
  return lines.join('\n');
}
