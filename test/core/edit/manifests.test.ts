import assert from 'node:assert/strict';
import { checkFileName, nameManifests, splitManifests } from '../../../src/core/edit/manifests.ts';

const resource = (kind: string, name: string, namespace = '', apiVersion = 'v1') =>
  `apiVersion: ${apiVersion}\nkind: ${kind}\nmetadata:\n  name: ${name}\n${namespace && `  namespace: ${namespace}\n`}`;

describe('a stream of manifests', () => {
  it('is split where a line is --- and nowhere else', () => {
    const block =
      'apiVersion: v1\ndata:\n  a: |\n    x\n    ---\n    metadata:\n      name: no\nkind: ConfigMap\nmetadata:\n  name: a\n';
    const [first, second, ...rest] = splitManifests(
      `${block}---\n${resource('Service', '"123"', 'b', 'g.example/v1')}`,
    );
    assert.deepEqual(first, { text: block, group: '', kind: 'ConfigMap', name: 'a', namespace: '' });
    assert.deepEqual(
      [second!.group, second!.kind, second!.name, second!.namespace],
      ['g.example', 'Service', '123', 'b'],
    );
    assert.deepEqual([rest, splitManifests('')], [[], []]);
  });

  it('reads the labels of nobody as the name', () => {
    const text =
      'apiVersion: v1\nkind: A\nmetadata:\n  labels:\n    name: no\n  name: yes-this\nspec:\n  name: no\n';
    assert.equal(splitManifests(text)[0]!.name, 'yes-this');
  });

  it('has a name for every resource', () =>
    assert.throws(
      () => splitManifests('kind: A\nmetadata:\n  generateName: a-\n'),
      /a resource of kind A has no name/,
    ));

  it('becomes files with names of their own', () => {
    const stream = [
      resource('Deployment', 'Web', 'prod'),
      resource('ClusterRole', 'r'),
      resource('X', 'x', '', 'a/v1'),
      resource('X', 'x'),
    ];
    assert.deepEqual(
      [...nameManifests(splitManifests(stream.join('---\n'))).keys()],
      ['prod-deployment-web.yaml', 'clusterrole-r.yaml', 'x.a-x.yaml', 'x-x.yaml'],
    );
  });

  it('is refused when two resources cannot be told apart', () => {
    const twice = `${resource('A', 'x', '', 'g/v1')}---\n${resource('A', 'x', '', 'g/v2')}`;
    assert.throws(
      () => nameManifests(splitManifests(twice)),
      /two resources would share the file name "a\.g-x\.yaml"/,
    );
  });

  for (const name of ['', '.', '..', 'a/b', '../a', '/a', 'a\\b', 'a\0b']) {
    it(`never becomes a file ${JSON.stringify(name)}`, () =>
      assert.throws(() => checkFileName(name), /unsafe generated resource filename/));
  }
});
