import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import {
  openDefinitionSource,
  type DefinitionSource,
} from '../../../src/providers/definitions/definition-source.ts';
import { createTestRepository } from '../../support/git-repository.ts';
import { toolPath } from '../../support/tools.ts';

let root: string;
let home: string;
let signal: AbortSignal;
const opened: DefinitionSource[] = [];

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'gantry-source-'));
  home = join(root, 'home');
  signal = new AbortController().signal;
});

afterEach(async () => {
  for (const source of opened.splice(0)) await source.close();
  rmSync(root, { recursive: true, force: true });
});

function open(spec: string): DefinitionSource {
  const credentials = { find: () => Promise.resolve(undefined) };
  const source = openDefinitionSource(spec, {
    cwd: root,
    home,
    git: { binary: toolPath('git'), credentials },
  });
  opened.push(source);
  return source;
}

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    mkdirSync(dirname(join(root, name)), { recursive: true });
    writeFileSync(join(root, name), text);
  }
}

async function names(source: DefinitionSource): Promise<readonly string[]> {
  return (await source.read(signal)).files.map(({ name }) => name);
}

describe('definitions in a folder', () => {
  it('are its YAML and JSON files, sorted, hidden and foreign ones left out', async () => {
    write({
      'p/b.yaml': 'b',
      'p/a/x.yml': 'x',
      'p/c.json': '{}',
      'p/readme.md': '',
      'p/.github/w.yaml': '',
      'p/node_modules/m/x.json': '',
      'p/.hidden.yaml': '',
    });
    assert.deepEqual(await names(open('./p')), ['p/a/x.yml', 'p/b.yaml', 'p/c.json']);
  });

  it('have a revision that follows names and contents, and nothing else', async () => {
    write({ 'p/a.yaml': '1', 'p/b.yaml': '2', 'q/a.yaml': '1', 'q/b.yaml': '2' });
    const { revision } = await open('p').read(signal);
    assert.match(revision, /^[0-9a-f]{64}$/);
    assert.equal((await open('q').read(signal)).revision, revision);
    write({ 'p/a.yaml': '2' });
    const changed = (await open('p').read(signal)).revision;
    assert.notEqual(changed, revision);
  });

  it('follow links to files inside, never out of it', async () => {
    write({ 'p/..data/a.yaml': 'inside', 'secret.yaml': 'outside', 'other/x.yaml': 'outside' });
    symlinkSync('..data/a.yaml', join(root, 'p/a.yaml'));
    symlinkSync('../secret.yaml', join(root, 'p/b.yaml'));
    symlinkSync('../other', join(root, 'p/other'));
    symlinkSync('.', join(root, 'p/loop'));
    symlinkSync('/nowhere', join(root, 'p/gone.yaml'));
    assert.deepEqual(await names(open('p')), ['p/a.yaml']);
  });

  it('may be none', async () => {
    mkdirSync(join(root, 'p'));
    assert.deepEqual(await names(open('p')), []);
  });

  it('cannot be read where there is no folder', async () => {
    write({ 'f.yaml': '' });
    await assert.rejects(open('nope').read(signal), /^Error: definitions nope: there is no such folder$/);
    await assert.rejects(open('f.yaml').read(signal), /^Error: definitions f\.yaml: it is no folder/);
  });

  it('stop at an abort with its own reason', async () => {
    write({ 'p/a.yaml': '' });
    await assert.rejects(open('p').read(AbortSignal.abort(new Error('enough'))), /enough/);
  });
});

describe('definitions in a Git repository', () => {
  const repository = () =>
    createTestRepository(join(root, 'repo.git'), {
      commits: [
        {
          id: 'one',
          branch: 'main',
          message: 'one',
          tag: 'v1',
          files: { 'p/a.yaml': 'é🚀\n', 'other.yaml': 'o' },
        },
        {
          id: 'two',
          branch: 'next',
          from: 'one',
          message: 'two',
          annotatedTag: 'v2',
          files: { 'p/b/c.yml': 'no line end', 'p/link.yaml': { symlink: '/etc/passwd' }, 'p/x.txt': '' },
        },
      ],
    });

  it('are those of a ref and a folder; links are left out', async () => {
    const { url, commits } = repository();
    const source = open(`${url}?ref=next&path=/p/`);
    const { files, revision } = await source.read(signal);
    assert.equal(revision, commits.get('two'));
    assert.deepEqual(files, [
      { name: 'p/a.yaml', text: 'é🚀\n' },
      { name: 'p/b/c.yml', text: 'no line end' },
    ]);
  });

  it('are those of the default branch without a ref, and of tags and commits', async () => {
    const { url, commits } = repository();
    const revision = async (ref: string) => (await open(url + ref).read(signal)).revision;
    assert.equal(await revision(''), commits.get('one'));
    assert.equal(await revision('?ref=v1'), commits.get('one'));
    assert.equal(await revision('?ref=v2'), commits.get('two'));
    assert.equal(await revision(`?ref=${commits.get('two')}`), commits.get('two'));
  });

  it('follow the branch from read to read, side by side', async () => {
    const remote = repository();
    const { url, commits } = remote;
    const source = open(url);
    const first = await Promise.all([source.read(signal), source.read(signal)]);
    assert.equal(first[0], first[1]);
    remote.add([{ id: 'three', branch: 'main', message: 'three', files: { 'p/a.yaml': 'new' } }]);
    const { files, revision } = await source.read(signal);
    assert.equal(revision, commits.get('three'));
    assert.equal(files.find(({ name }) => name === 'p/a.yaml')?.text, 'new');
  });

  it('leave nothing behind when closed', async () => {
    const source = open(repository().url);
    await source.read(signal);
    await source.close();
    assert.deepEqual(readdirSync(home), []);
  });

  const wrong: readonly (readonly [string, RegExp])[] = [
    ['?ref=nope', /^Error: definitions file:.*\?ref=nope cannot be read: .*nope/],
    ['?path=nope', /^Error: definitions file:.* cannot be read: .*nope/],
  ];
  for (const [query, expected] of wrong) {
    it(`cannot be read with ${query}`, async () => {
      await assert.rejects(open(repository().url + query).read(signal), expected);
    });
  }

  it('cannot be read where there is none', async () => {
    await assert.rejects(open(`file://${root}/none.git`).read(signal), /cannot be read/);
  });

  const refused: readonly (readonly [string, RegExp])[] = [
    ['https://git.test/x.git?rev=1', /unknown setting "rev"; known: ref, path/],
    ['https://git.test/x.git?ref=--upload-pack=x', /"--upload-pack=x" is no branch, tag or commit/],
    ['https://user:pass@git.test/x.git', /holds a password/],
  ];
  for (const [spec, expected] of refused) {
    it(`are not looked for at ${spec}`, () => {
      assert.throws(
        () => open(spec),
        (error: Error) => expected.test(error.message) && !error.message.includes('pass@'),
      );
    });
  }
});
