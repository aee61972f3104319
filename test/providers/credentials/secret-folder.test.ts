import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, unlinkSync, utimesSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createCredentials } from '../../../src/providers/credentials/credentials.ts';
import { createSecretFolder } from '../../../src/providers/credentials/secret-folder.ts';
import { createResourceFolder } from '../../../src/providers/resources/resource-folder.ts';

describe('folder of Secrets', () => {
  let folder: string;
  const open = (path = folder, warn?: (text: string) => void) =>
    createSecretFolder(createResourceFolder(path, warn), warn);
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'gantry-secrets-'));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
  const password = async (repoURL: string, project = 'demo', type: 'git' | 'helm' | 'image' = 'git') =>
    (await open().find({ project, type, repoURL }))?.password;

  it('finds by the normalised URL first, then by regular expression', async () => {
    write(
      'a.yaml',
      [
        secret({ repoURL: '^https://github\\.com/acme/.*', repoURLIsRegex: 'true', password: 'any' }),
        secret({ repoURL: 'https://GitHub.com/acme/ops.git', password: 'ops' }, 'ops'),
      ].join('---\n'),
    );
    assert.equal(await password('https://github.com/acme/ops'), 'ops');
    assert.equal(await password('https://github.com/acme/other.git'), 'any');
    assert.equal(await password('https://github.com/else/other.git'), undefined);
  });

  it('never crosses projects and types, and takes nothing without a namespace', async () => {
    write('a.yaml', secret({ repoURL: 'https://h/x', password: 'p' }));
    write('b.yaml', secret({ repoURL: 'https://h/y', password: 'p' }).replace(/.*namespace.*\n/, ''));
    write(
      'c.yaml',
      secret({ repoURL: 'https://h/z', password: 'p' }, 'z').replace('cred-type: git', 'cred-type: helm'),
    );
    assert.equal(await password('https://h/x', 'other'), undefined);
    assert.equal(await password('https://h/y'), undefined);
    assert.equal(await password('https://h/z'), undefined);
    assert.equal(await password('https://h/z', 'demo', 'helm'), 'p');
  });

  it('compares images and charts as registries do', async () => {
    const typed = (type: string, repoURL: string) =>
      secret({ repoURL, password: repoURL }, repoURL.replace(/\W/g, '-')).replace(
        'cred-type: git',
        `cred-type: ${type}`,
      );
    const known = [
      typed('image', 'ghcr.io/acme/app'),
      typed('image', 'docker.io/library/nginx'),
      typed('image', 'registry.example:5000/app'),
      typed('helm', 'oci://ghcr.io/acme/charts/app'),
      typed('helm', 'https://charts.example:8443/stable'),
    ];
    write('a.yaml', known.join('---\n'));
    const cases: readonly (readonly ['image' | 'helm', string, string | undefined])[] = [
      ['image', 'ghcr.io/acme/app', 'ghcr.io/acme/app'],
      ['image', 'nginx', 'docker.io/library/nginx'],
      ['image', 'registry.example:5000/app', 'registry.example:5000/app'],
      ['image', 'registry.example:5001/app', undefined],
      ['image', 'ghcr.io/acme/charts/app', undefined],
      ['helm', 'oci://ghcr.io/acme/charts/app', 'oci://ghcr.io/acme/charts/app'],
      ['helm', 'https://charts.example:8443/stable/', 'https://charts.example:8443/stable'],
      ['helm', 'https://charts.example/stable', undefined],
      ['helm', 'oci://charts.example:8443/stable', undefined],
    ];
    for (const [type, repoURL, found] of cases)
      assert.equal(await password(repoURL, 'demo', type), found, repoURL);
  });

  it('knows the credentials of all projects, after those of the project', async () => {
    const shared = (text: string) => text.replace('namespace: demo', 'namespace: kargo-shared-resources');
    write('a.yaml', shared(secret({ repoURL: 'https://h/x', password: 'shared' })));
    assert.deepEqual(
      [await password('https://h/x'), await password('https://h/x', 'other')],
      ['shared', 'shared'],
    );
    write('b.yaml', secret({ repoURL: '^https://h/', repoURLIsRegex: 'true', password: 'own' }, 't'));
    assert.deepEqual(
      [await password('https://h/x'), await password('https://h/x', 'other')],
      ['own', 'shared'],
    );
  });

  it('reads base64 data, lists, JSON, and keys for ssh', async () => {
    const data = { repoURL: b64('git@h:a/b.git'), sshPrivateKey: b64('KEY\n') };
    const manifest = { kind: 'Secret', metadata: meta, data };
    write('list.json', JSON.stringify({ kind: 'List', items: [manifest] }));
    const found = await open().find({
      project: 'demo',
      type: 'git',
      repoURL: 'git@h:a/b',
    });
    assert.deepEqual(found, { sshPrivateKey: 'KEY\n' });
  });

  it('passes over what opens no API when a token is needed', async () => {
    const repoURL = 'https://h/a/b';
    write('key.yaml', secret({ repoURL: 'git@h:a/b.git', sshPrivateKey: 'KEY' }, 'key'));
    const query = { project: 'demo', type: 'git', repoURL } as const;
    assert.equal(await open().find({ ...query, needs: 'password' }), undefined);
    write('token.yaml', secret({ repoURL, password: 'p' }, 'token'));
    assert.deepEqual(await open().find({ ...query, needs: 'password' }), { password: 'p' });
  });

  it('reads GitHub Apps under the names of Kargo, their key encoded once more or not', async () => {
    const pem = '-----BEGIN RSA PRIVATE KEY-----\nx\n-----END RSA PRIVATE KEY-----\n';
    const app = { githubAppInstallationID: ' 42 ', githubAppPrivateKey: b64(pem) };
    write('app.yaml', secret({ repoURL: 'https://github.com/a/b', githubAppID: '7', ...app }));
    const query = {
      project: 'demo',
      type: 'git',
      repoURL: 'https://github.com/a/b',
      needs: 'password',
    } as const;
    const githubApp = { id: '7', installation: '42', privateKey: pem };
    assert.deepEqual(await open().find(query), { githubApp });
    write(
      'app.yaml',
      secret({ repoURL: 'https://github.com/a/b', githubAppID: '7', githubAppClientID: 'Iv1', ...app }),
    );
    assert.equal((await open().find(query))?.githubApp?.id, 'Iv1');
  });

  it('notices changed, new and removed files', async () => {
    const source = open();
    const find = async (repoURL: string) =>
      (await source.find({ project: 'demo', type: 'git', repoURL }))?.password;
    write('a.yaml', secret({ repoURL: 'https://h/x', password: 'old' }));
    assert.equal(await find('https://h/x'), 'old');
    write('a.yaml', secret({ repoURL: 'https://h/x', password: 'new' }));
    utimesSync(join(folder, 'a.yaml'), new Date(), new Date(Date.now() + 5000));
    assert.equal(await find('https://h/x'), 'new');
    write('b.yaml', secret({ repoURL: 'https://h/y', password: 'y' }, 't'));
    assert.equal(await find('https://h/y'), 'y');
    unlinkSync(join(folder, 'a.yaml'));
    assert.equal(await find('https://h/x'), undefined);
  });

  it('warns about what it cannot use, without a value of it, and goes on', async () => {
    write('broken.yaml', 'kind: Secret\nstringData: {password: "canary\n');
    write('regex.yaml', secret({ repoURL: '(canary', repoURLIsRegex: 'true', password: 'canary' }));
    write(
      'lost.yaml',
      secret({ repoURL: 'https://h/canary', password: 'canary' }).replace(/.*namespace.*\n/, ''),
    );
    write('fine.yaml', secret({ repoURL: 'https://h/x', password: 'p' }, 'fine'));
    const warnings: string[] = [];
    const source = open(folder, (text) => void warnings.push(text));
    const found = await source.find({ project: 'demo', type: 'git', repoURL: 'https://h/x' });
    assert.equal(found?.password, 'p');
    assert.deepEqual(warnings.sort(), [
      'broken.yaml: document 1 is not valid YAML and is left out',
      'lost.yaml: Secret "s" has no namespace, so it belongs to no project',
      'regex.yaml: Secret "s": repoURL is no valid regular expression',
    ]);
  });

  it('says that the folder cannot be read', async () => {
    const source = open(join(folder, 'nope'));
    const find = source.find({ project: 'demo', type: 'git', repoURL: 'https://h/x' });
    await assert.rejects(find, /the folder of Secrets .*nope cannot be read \(ENOENT\)/);
  });

  it('is asked before the sources behind it', async () => {
    write('a.yaml', secret({ repoURL: 'https://h/x', password: 'p' }));
    const fallback = { find: async () => ({ password: 'fallback' }) };
    const source = createCredentials([open(), fallback]);
    const find = async (repoURL: string) =>
      (await source.find({ project: 'demo', type: 'git', repoURL }))?.password;
    assert.deepEqual([await find('https://h/x'), await find('https://h/y')], ['p', 'fallback']);
  });
});

const meta = { name: 's', namespace: 'demo', labels: { 'kargo.akuity.io/cred-type': 'git' } };

function secret(values: Readonly<Record<string, string>>, name = 's'): string {
  const lines = Object.entries(values).map(([key, value]) => `  ${key}: ${JSON.stringify(value)}\n`);
  return `apiVersion: v1
kind: Secret
metadata:
  name: ${name}
  namespace: demo
  labels:
    kargo.akuity.io/cred-type: git
stringData:
${lines.join('')}`;
}

function b64(text: string): string {
  return Buffer.from(text).toString('base64');
}
