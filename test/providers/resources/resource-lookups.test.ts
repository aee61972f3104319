import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, unlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  checkResourceFolder,
  createResourceFolder,
} from '../../../src/providers/resources/resource-folder.ts';
import { readLookups } from '../../../src/providers/resources/resource-lookups.ts';

describe('look-ups in a folder of manifests', () => {
  let folder: string;
  let warnings: string[];
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gantry-resources-'));
    warnings = [];
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, ...manifests: object[]) =>
    writeFileSync(join(folder, name), manifests.map((manifest) => JSON.stringify(manifest)).join('\n---\n'));
  const read = (project = 'demo') =>
    readLookups(
      createResourceFolder(folder, (text) => void warnings.push(text)),
      project,
    );

  it('finds Secrets and ConfigMaps of the project, whatever their labels', async () => {
    write('a.yaml', secret('slack', { token: 'abc' }), configMap('region', { name: 'eu' }));
    write('b.json', secret('git', { password: 'p' }, { labels: { 'kargo.akuity.io/cred-type': 'git' } }));
    const { secret: find, configMap: findMap } = await read();
    assert.deepEqual([find('slack'), find('git')], [{ token: 'abc' }, { password: 'p' }]);
    assert.deepEqual(findMap('region'), { name: 'eu' });
    assert.deepEqual([find('region'), findMap('slack'), find('none')], [undefined, undefined, undefined]);
  });

  it('never crosses projects', async () => {
    write('a.yaml', secret('slack', { token: 'abc' }), configMap('region', { name: 'eu' }));
    const { secret: find, configMap: findMap } = await read('other');
    assert.deepEqual([find('slack'), findMap('region')], [undefined, undefined]);
  });

  it('shares generic Secrets and ConfigMaps, and replicated ones as if they were the project’s own', async () => {
    const shared = { namespace: 'kargo-shared-resources' };
    const generic = { ...shared, labels: { 'kargo.akuity.io/cred-type': 'generic' } };
    const replicated = { ...shared, annotations: { 'kargo.akuity.io/replicate-to': '*' } };
    write('a.yaml', secret('generic', { k: 'v' }, generic), secret('plain', { k: 'v' }, shared));
    write('b.yaml', secret('git', { k: 'v' }, { ...shared, labels: { 'kargo.akuity.io/cred-type': 'git' } }));
    write('c.yaml', configMap('map', { k: 'v' }, shared), configMap('everywhere', { k: 'v' }, replicated));
    write('d.yaml', secret('mine', { k: 'shared' }, replicated), secret('mine', { k: 'own' }));
    const found = await read();
    assert.deepEqual(
      ['generic', 'plain', 'git'].map((name) => found.sharedSecret(name)),
      [{ k: 'v' }, undefined, undefined],
    );
    assert.deepEqual(found.sharedConfigMap('map'), { k: 'v' });
    assert.deepEqual([found.configMap('everywhere'), found.configMap('map')], [{ k: 'v' }, undefined]);
    assert.deepEqual(found.secret('mine'), { k: 'own' });
    assert.deepEqual((await read('other')).secret('mine'), { k: 'shared' });
    const impostor = await read('kargo-shared-resources');
    assert.deepEqual([impostor.secret('git'), impostor.configMap('map')], [undefined, undefined]);
  });

  it('decodes data, prefers stringData, opens lists, and leaves what is no text alone', async () => {
    const data = { a: Buffer.from('é\n').toString('base64'), b: Buffer.from('old').toString('base64'), c: 1 };
    const manifest = {
      kind: 'Secret',
      metadata: { name: 's', namespace: 'demo' },
      data,
      stringData: { b: 'new' },
    };
    write('a.yaml', { kind: 'List', items: [manifest] });
    write('b.yaml', {
      kind: 'SecretList',
      items: [{ metadata: { name: 't', namespace: 'demo' }, stringData: { k: 'v' } }],
    });
    const { secret: find } = await read();
    assert.deepEqual(find('s'), { a: 'é\n', b: 'new' });
    assert.deepEqual(find('t'), { k: 'v' });
  });

  it('sees a mounted Secret once, and its next version', async () => {
    const mount = (version: string, token: string) => {
      mkdirSync(join(folder, version));
      write(`${version}/slack.yaml`, secret('slack', { token }));
      symlinkSync(version, join(folder, '..next'));
      renameSync(join(folder, '..next'), join(folder, '..data'));
    };
    mount('..1', 'old');
    symlinkSync('..data/slack.yaml', join(folder, 'slack.yaml'));
    const source = createResourceFolder(folder, (text) => void warnings.push(text));
    assert.deepEqual((await readLookups(source, 'demo')).secret('slack'), { token: 'old' });
    mount('..2', 'new');
    assert.deepEqual((await readLookups(source, 'demo')).secret('slack'), { token: 'new' });
    unlinkSync(join(folder, 'slack.yaml'));
    assert.equal((await readLookups(source, 'demo')).secret('slack'), undefined);
    assert.deepEqual(warnings, []);
  });

  it('tells of doubles, and of manifests that belong to nobody, once and without values', async () => {
    write('a.yaml', secret('s', { k: 'first' }));
    write('b.yaml', secret('s', { k: 'canary' }), {
      kind: 'ConfigMap',
      metadata: { name: 'lost' },
      data: { k: 'canary' },
    });
    const source = createResourceFolder(folder, (text) => void warnings.push(text));
    assert.deepEqual((await readLookups(source, 'demo')).secret('s'), { k: 'first' });
    await readLookups(source, 'demo');
    assert.deepEqual(warnings, [
      'b.yaml: ConfigMap "lost" has no namespace, so it belongs to no project',
      'b.yaml: Secret/demo/s is in a.yaml already, and only that one counts',
    ]);
  });

  it('fails as a look-up, which may be tried again, when the folder cannot be read', async () => {
    const away = createResourceFolder(join(folder, 'away'));
    await assert.rejects(readLookups(away, 'demo'), {
      name: 'LookupFailed',
      message: /folder of Secrets .*away cannot be read \(ENOENT\)/,
    });
  });

  it('refuses a file, and takes a folder that is still to come', async () => {
    write('kubeconfig', {});
    assert.match(
      (await checkResourceFolder(join(folder, 'kubeconfig'))) ?? '',
      /A kubeconfig cannot be read yet/,
    );
    assert.equal(await checkResourceFolder(join(folder, 'later')), undefined);
    assert.equal(await checkResourceFolder(folder), undefined);
  });
});

function secret(name: string, stringData: object, metadata: object = {}): object {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace: 'demo', ...metadata }, stringData };
}

function configMap(name: string, data: object, metadata: object = {}): object {
  return { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace: 'demo', ...metadata }, data };
}
