import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cpSync, linkSync, lstatSync, mkdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StepDefinition } from '../../src/activities/define-step.ts';
import { copy } from '../../src/activities/steps/copy.ts';
import { deleteFiles } from '../../src/activities/steps/delete.ts';
import { fileWrite } from '../../src/activities/steps/file-write.ts';
import { gitClone } from '../../src/activities/steps/git-clone.ts';
import { helmTemplate } from '../../src/activities/steps/helm-template.ts';
import { helmUpdateChart } from '../../src/activities/steps/helm-update-chart.ts';
import { helmUpdateImage } from '../../src/activities/steps/helm-update-image.ts';
import { httpDownload } from '../../src/activities/steps/http-download.ts';
import { http } from '../../src/activities/steps/http.ts';
import { jsonParse } from '../../src/activities/steps/json-parse.ts';
import { jsonUpdate } from '../../src/activities/steps/json-update.ts';
import { kustomizeBuild } from '../../src/activities/steps/kustomize-build.ts';
import { kustomizeSetImage } from '../../src/activities/steps/kustomize-set-image.ts';
import { ociDownload } from '../../src/activities/steps/oci-download.ts';
import { tar } from '../../src/activities/steps/tar.ts';
import { tomlParse } from '../../src/activities/steps/toml-parse.ts';
import { tomlUpdate } from '../../src/activities/steps/toml-update.ts';
import { untar } from '../../src/activities/steps/untar.ts';
import { yamlMerge } from '../../src/activities/steps/yaml-merge.ts';
import { yamlParse } from '../../src/activities/steps/yaml-parse.ts';
import { yamlUpdate } from '../../src/activities/steps/yaml-update.ts';
import type { JsonObject } from '../../src/core/json.ts';
import { createTestRepository, type ScriptedFile } from '../support/git-repository.ts';
import { createHttpServers } from '../support/http-server.ts';
import { readTree, writeCaseFiles } from '../support/step-case-files.ts';
import { createStepRig, type StepRig } from '../support/step-world.ts';
import { packTar } from '../support/tar.ts';

/** What nobody may see or change who may only work in the workspace. */
const precious = 'precious-5d1c';
const files: Readonly<Record<string, string>> = {
  text: precious,
  'f.yaml': `a: ${precious}\n`,
  'f.json': `{"a": "${precious}"}\n`,
  'f.toml': `a = "${precious}"\n`,
  'kustomization.yaml': 'resources: [cm.yaml]\nimages: [{name: my/image, newTag: "0"}]\n',
  'cm.yaml': `apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\ndata: {a: ${precious}}\n`,
  'chart/Chart.yaml':
    'apiVersion: v2\nname: app\nversion: 0.1.0\ndependencies:\n- {name: lib, version: 0.9.0, repository: file://../lib}\n',
  'lib/Chart.yaml': 'apiVersion: v2\nname: lib\nversion: 1.0.0\n',
  'plain/.helmignore': '*.md\n',
  'plain/Chart.yaml': 'apiVersion: v2\nname: plain\nversion: 0.1.0\n',
  'plain/templates/cm.yaml': `kind: ConfigMap\nmetadata: {name: ${precious}}\n`,
};

const updates = [{ key: 'a', value: 'x' }];
const outputs = [{ name: 'a', fromExpression: 'a' }];
const image = { repoURL: 'my/image', tag: '1', origin: { kind: 'Warehouse', name: 'w' } };

/** A step that works in a folder; `reads` where there is nothing for it to do without a file in there. */
type Row = readonly [step: StepDefinition, role: 'reads' | 'writes', config: (at: string) => JsonObject];

const rows: readonly Row[] = [
  [yamlUpdate, 'reads', (at) => ({ path: `${at}/f.yaml`, updates })],
  [jsonUpdate, 'reads', (at) => ({ path: `${at}/f.json`, updates })],
  [tomlUpdate, 'reads', (at) => ({ path: `${at}/f.toml`, updates })],
  [yamlMerge, 'reads', (at) => ({ inFiles: [`${at}/f.yaml`, 'own.yaml'], outFile: `${at}/f.yaml` })],
  [yamlMerge, 'writes', (at) => ({ inFiles: ['own.yaml'], outFile: `${at}/f.yaml` })],
  [kustomizeSetImage, 'reads', (at) => ({ path: at, images: [{ image: 'my/image', tag: '1' }] })],
  [
    helmUpdateImage,
    'reads',
    (at) => ({ path: `${at}/f.yaml`, images: [{ image: 'my/image', key: 'a', value: 'Tag' }] }),
  ],
  [
    helmUpdateChart,
    'reads',
    (at) => ({
      path: `${at}/chart`,
      charts: [{ repository: 'file://../lib', name: 'lib', version: '1.0.0' }],
    }),
  ],
  [yamlParse, 'reads', (at) => ({ path: `${at}/f.yaml`, outputs })],
  [jsonParse, 'reads', (at) => ({ path: `${at}/f.json`, outputs })],
  [tomlParse, 'reads', (at) => ({ path: `${at}/f.toml`, outputs })],
  [copy, 'reads', (at) => ({ inPath: `${at}/text`, outPath: 'out' })],
  [copy, 'writes', (at) => ({ inPath: at, outPath: 'out' })],
  [copy, 'writes', (at) => ({ inPath: 'own.yaml', outPath: `${at}/text` })],
  [copy, 'writes', (at) => ({ inPath: 'own', outPath: at })],
  [tar, 'reads', (at) => ({ inPath: `${at}/text`, outPath: 'out.tar' })],
  [tar, 'writes', (at) => ({ inPath: at, outPath: 'out.tar' })],
  [tar, 'writes', (at) => ({ inPath: 'own.yaml', outPath: `${at}/text` })],
  [untar, 'reads', (at) => ({ inPath: `${at}/a.tar`, outPath: 'out' })],
  [untar, 'writes', (at) => ({ inPath: 'own.tar', outPath: `${at}/lib` })],
  [kustomizeBuild, 'reads', (at) => ({ path: at, outPath: 'out' })],
  [kustomizeBuild, 'writes', (at) => ({ path: 'own', outPath: at })],
  [helmTemplate, 'reads', (at) => ({ path: `${at}/plain`, outPath: 'out.yaml' })],
  [helmTemplate, 'reads', (at) => ({ path: 'own', outPath: 'out.yaml', valuesFiles: [`${at}/f.yaml`] })],
  [helmTemplate, 'writes', (at) => ({ path: 'own', outPath: `${at}/f.yaml` })],
  [deleteFiles, 'writes', (at) => ({ path: `${at}/text` })],
  [deleteFiles, 'writes', (at) => ({ path: `${at}/**`, pathsAreGlobs: true })],
  [fileWrite, 'writes', (at) => ({ path: `${at}/new`, contents: 'x', overwrite: true })],
  [
    http,
    'reads',
    (at) => ({
      url: 'SERVER/echo',
      method: 'POST',
      bodyFromFile: `${at}/text`,
      outputs: [{ name: 'a', fromExpression: 'response.body' }],
    }),
  ],
  [httpDownload, 'writes', (at) => ({ url: 'SERVER/x', outPath: `${at}/text`, allowOverwrite: true })],
  [ociDownload, 'writes', (at) => ({ imageRef: 'HOST/a/b:1', outPath: `${at}/text`, allowOverwrite: true })],
];

describe('files in the way of a step', () => {
  const servers = createHttpServers();
  let rig: StepRig;
  let outside: string;
  let server: string;
  beforeEach(async () => {
    rig = createStepRig();
    outside = join(rig.folder, 'outside');
    writeCaseFiles(outside, files);
    writeFileSync(join(outside, 'a.tar'), packTar({ entries: [{ name: 'a', text: precious }] }));
    writeCaseFiles(rig.root, {
      'own.yaml': 'b: 1\n',
      'own/kustomization.yaml': 'resources: [cm.yaml]\n',
      'own/cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: text}\n',
      'own/Chart.yaml': 'apiVersion: v2\nname: own\nversion: 0.1.0\n',
      'own/templates/cm.yaml': 'a: {{ .Values.a }}\n',
    });
    writeFileSync(join(rig.root, 'own.tar'), packTar({ entries: [{ name: 'Chart.yaml', text: 'x' }] }));
    server = await servers.serve((request, response) => {
      const digest = `sha256:${createHash('sha256').update('x').digest('hex')}`;
      if (request.url === '/echo') request.pipe(response.setHeader('content-type', 'text/plain'));
      else if (!request.url!.includes('/manifests/')) response.end('x');
      else
        response
          .setHeader('content-type', 'application/vnd.oci.image.manifest.v1+json')
          .end(JSON.stringify({ schemaVersion: 2, layers: [{ mediaType: 'a', digest, size: 1 }] }));
    });
  });
  afterEach(async () => {
    rig.remove();
    await servers.close();
  });

  const run = ([step, , configAt]: Row, at: string) => {
    const target = { name: 'f', alias: 'f', commits: [], images: [image], charts: [], artifacts: [] };
    const freight = { target, collection: [target], origins: [], warehouses: [] };
    const text = JSON.stringify(configAt(at));
    const config = text.replaceAll('SERVER', server).replaceAll('HOST', new URL(server).host);
    return rig.run(step, JSON.parse(config) as JsonObject, { freight });
  };
  const titleOf = ([step, , configAt]: Row) => `${step.kind} ${JSON.stringify(configAt('F'))}`;
  const names = [...Object.keys(files), 'a.tar'];

  for (const row of rows) {
    it(`under names like options are files: ${titleOf(row)}`, async () => {
      cpSync(outside, join(rig.root, '-rf'), { recursive: true });
      await run(row, '-rf');
    });

    it(`that are hard links are not written through: ${titleOf(row)}`, async () => {
      for (const name of names) {
        mkdirSync(dirname(join(rig.root, 'in', name)), { recursive: true });
        linkSync(join(outside, name), join(rig.root, 'in', name));
      }
      const before = readTree(outside);
      await run(row, 'in');
      assert.deepEqual(readTree(outside), before);
    });

    it(`that are links of a cloned repository lead nowhere: ${titleOf(row)}`, async () => {
      await cloneLinks();
      const before = readTree(outside);
      for (const at of ['src/absolute', 'src/relative', 'src/each']) {
        const outcome = await run(row, at).catch((error: Error) => error);
        if (row[1] === 'reads') assert.ok(outcome instanceof Error, `${at} is read`);
        const said = outcome instanceof Error ? outcome.message : JSON.stringify(outcome);
        assert.doesNotMatch(said, new RegExp(precious), at);
        for (const [path, { kind, content }] of readTree(rig.root))
          if (kind === 'file') assert.ok(!content.includes(precious), `${path} after ${at}`);
        assert.deepEqual(readTree(outside), before, at);
      }
    });

    it(`that are pipes are not waited for: ${titleOf(row)}`, async () => {
      for (const name of names) {
        const path = join(rig.root, 'pipes', name);
        mkdirSync(dirname(path), { recursive: true });
        execFileSync('mkfifo', [path]);
      }
      const outcome = await run(row, 'pipes').catch((error: Error) => error);
      if (row[1] !== 'reads') return;
      assert.ok(outcome instanceof Error, 'a pipe is read');
      assert.ok(lstatSync(join(rig.root, 'pipes/text')).isFIFO());
      assert.match(outcome.message, /pipes/);
    });
  }

  /** Two folders that are links themselves, and one in which every file is. */
  async function cloneLinks(): Promise<void> {
    const each = names.map((name): [string, ScriptedFile] => [
      `each/${name}`,
      { symlink: join(outside, name) },
    ]);
    const links = { absolute: { symlink: outside }, relative: { symlink: '../../outside' } };
    const commits = [
      { id: 'c1', branch: 'main', files: { ...links, ...Object.fromEntries(each) }, message: 'one' },
    ];
    const { url } = createTestRepository(join(rig.folder, 'origin'), { commits });
    await rig.run(gitClone, { repoURL: url, checkout: [{ path: 'src', branch: 'main' }] });
    assert.ok(lstatSync(join(rig.root, 'src/relative')).isSymbolicLink());
  }

  it('that stand beside a chart under a link in it are refused', async () => {
    symlinkSync(outside, join(rig.root, 'own/more'));
    for (const step of [helmTemplate, helmUpdateChart]) {
      const config = { path: 'own', ...(step === helmTemplate && { outPath: 'out.yaml' }) };
      await assert.rejects(rig.run(step, config), { message: 'own: own/more leads out of the workspace' });
    }
  });
});

describe('an archive of a chart', () => {
  let rig: StepRig;
  beforeEach(() => {
    rig = createStepRig();
  });
  afterEach(() => rig.remove());

  const chart = { name: 'app/Chart.yaml', text: 'apiVersion: v2\nname: app\nversion: 0.1.0\n' };
  const hostile = [
    ['a way out', [chart, { name: 'app/../../evil', text: 'x' }]],
    ['an absolute path', [chart, { name: '/app/evil', text: 'x' }]],
    [
      'too much',
      [chart, { name: 'app/files/a', repeat: '\0', count: 50 * 1024 * 1024 }, ...more('b'), ...more('c')],
    ],
    ['a link', [chart, { name: 'app/templates/x.yaml', type: 'symlink' as const, link: '/etc/hostname' }]],
  ] as const;
  for (const [what, entries] of hostile) {
    it(`with ${what} is refused or without effect`, async () => {
      writeFileSync(join(rig.root, 'app.tgz'), packTar({ gzip: true, entries: [...entries] }));
      const before = [...readTree(rig.folder).keys()];
      const outcome = await rig
        .run(helmTemplate, { path: 'app.tgz', outPath: 'out.yaml' })
        .catch((error: Error) => error);
      if (what === 'a way out' || what === 'too much') assert.ok(outcome instanceof Error);
      assert.doesNotMatch(outcome instanceof Error ? outcome.message : '', /at .*:\d+:\d+/);
      const left = [...readTree(rig.folder).keys()].filter((path) => path !== 'workspace/out.yaml');
      assert.deepEqual(left, before);
    });
  }

  function more(name: string) {
    return [{ name: `app/files/${name}`, repeat: '\0', count: 50 * 1024 * 1024 }];
  }
});
