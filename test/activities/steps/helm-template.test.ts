import assert from 'node:assert/strict';
import { existsSync, mkdirSync, readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { helmTemplate } from '../../../src/activities/steps/helm-template.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { ToolRunner } from '../../../src/providers/tool-runner.ts';
import { entryAs, readTree, writeCaseFiles, type CaseFile } from '../../support/step-case-files.ts';
import { createStepRig, createStepWorld, type StepRig } from '../../support/step-world.ts';
import { packTar } from '../../support/tar.ts';

describe('helm-template', function () {
  this.timeout(20_000);
  let rig: StepRig;
  beforeEach(() => {
    rig = createStepRig();
  });
  afterEach(() => rig.remove());

  type Files = Readonly<Record<string, CaseFile>>;

  const about = 'apiVersion: v2\nname: app\nversion: 0.1.0\n';
  const chart: Files = {
    'chart/Chart.yaml': about,
    'chart/values.yaml': 'a: one\nb: {c: two}\n',
    'chart/templates/cm.yaml': 'kind: ConfigMap\nmetadata: {name: cm}\nvalues: {{ toJson .Values }}\n',
  };
  const config = { path: 'chart', outPath: 'out.yaml' };

  async function run(files: Files, more: JsonObject = {}, tools?: ToolRunner) {
    writeCaseFiles(rig.root, { ...chart, ...files });
    return rig.run(helmTemplate, { ...config, ...more }, tools && { tools });
  }

  const read = (path: string) => readFileSync(join(rig.root, path), 'utf8');

  /** The values the chart was rendered with. */
  const values = (): unknown => JSON.parse(/^values: (.*)$/m.exec(read('out.yaml'))![1]!);

  /** Remembers the arguments helm was run with. */
  function watch(): { tools: ToolRunner; args: string[] } {
    const args: string[] = [];
    const { tools } = createStepWorld(rig.root);
    return {
      args,
      tools: {
        run(tool, given, options) {
          args.push(...given);
          return tools.run(tool, given, options);
        },
      },
    };
  }

  describe('values', () => {
    const set = (key: string, value: string, literal = false) => ({ key, value, literal });
    const cases: readonly (readonly [title: string, set: readonly JsonObject[], become: JsonObject])[] = [
      ['a text', [set('a', 'x')], { a: 'x', b: { c: 'two' } }],
      [
        'a number, a boolean, null',
        [set('a', '3'), set('b.c', 'true'), set('b.d', 'null')],
        { a: 3, b: { c: true, d: null } },
      ],
      ['a number taken literally', [set('a', '3', true)], { a: '3', b: { c: 'two' } }],
      ['a comma taken literally', [set('a', 'x,b=y', true)], { a: 'x,b=y', b: { c: 'two' } }],
      [
        'a literal after a plain value, whatever the order',
        [set('a', 'lit', true), set('a', 'x')],
        { a: 'lit', b: { c: 'two' } },
      ],
      [
        'the last of two',
        [set('a', 'x'), set('a', '1'), set('b.c', '1'), set('b.c', 'y')],
        { a: 1, b: { c: 'y' } },
      ],
      ['a map in place of a text', [set('b.c', 'x'), set('b', 'y')], { a: 'one', b: 'y' }],
      ['an escaped dot', [set('b.x\\.y', 'z')], { a: 'one', b: { c: 'two', 'x.y': 'z' } }],
      ['an item of a list', [set('a', 'x'), set('l[1]', 'y')], { a: 'x', b: { c: 'two' }, l: [null, 'y'] }],
      ['text over lines', [set('a', 'x\ny\n')], { a: 'x\ny\n', b: { c: 'two' } }],
      ['what looks like an option', [set('a', '--debug')], { a: '--debug', b: { c: 'two' } }],
    ];
    for (const [title, setValues, expected] of cases) {
      it(`set ${title}`, async () => {
        await run({}, { setValues });
        assert.deepEqual(values(), expected);
      });
    }

    it('come from files whatever they are called', async () => {
      const odd = 'a,b "c" %zz.yaml';
      await run({ [odd]: 'a: 2\n', '-': 'b: {c: 3}\n' }, { valuesFiles: [odd, '-'] });
      assert.deepEqual(values(), { a: 2, b: { c: 3 } });
    });

    it('show in no list of processes', async () => {
      const { tools, args } = watch();
      const setValues = [set('a', 'hush-1'), set('b.c', 'hush,2', true), set('d', '12345', true)];
      await run({}, { setValues }, tools);
      assert.deepEqual(values(), { a: 'hush-1', b: { c: 'hush,2' }, d: '12345' });
      assert.doesNotMatch(args.join(' '), /hush|12345/);
    });

    it('name every file that is missing, and a broken one as the user does', async () => {
      await assert.rejects(run({}, { valuesFiles: ['x.yaml', 'y.yaml'] }), {
        message: 'valuesFiles: no such file: "x.yaml", "y.yaml"',
      });
      await assert.rejects(run({ 'v.yaml': 'a: [' }, { valuesFiles: ['v.yaml'] }), {
        message: /failed to parse v\.yaml/,
      });
    });
  });

  it('calls the release release-name and its namespace like the project, unless told otherwise', async () => {
    const files = {
      'chart/templates/cm.yaml': 'values: {"r": "{{ .Release.Name }}.{{ .Release.Namespace }}"}\n',
    };
    await run(files);
    assert.deepEqual(values(), { r: 'release-name.demo' });
    await run(files, { releaseName: 'r', namespace: 'n' });
    assert.deepEqual(values(), { r: 'r.n' });
  });

  it('gives the same files when it runs again, and leaves others alone', async () => {
    const hook = 'kind: Pod\nmetadata: {name: h, annotations: {helm.sh/hook: test}}\n';
    const files = { 'chart/templates/cm.yaml': hook, 'out/old': 'o' };
    await run(files, { outPath: 'out' });
    const once = read('out/app/templates/cm.yaml');
    await run(files, { outPath: 'out' });
    assert.equal(read('out/app/templates/cm.yaml'), once);
    assert.equal(read('out/old'), 'o');
  });

  it('writes nothing outside through links in the output', async () => {
    mkdirSync(join(rig.folder, 'outside'));
    await run({ 'out/app': { symlink: join(rig.folder, 'outside') } }, { outPath: 'out' });
    assert.ok(!existsSync(join(rig.folder, 'outside/templates')));
  });

  it('refuses two resources of one name in the flat layout', () =>
    assert.rejects(
      run(
        { 'chart/templates/cm2.yaml': 'kind: ConfigMap\nmetadata: {name: CM}\n' },
        { outPath: 'out', outLayout: 'flat' },
      ),
      { message: /^two resources would share the file name "configmap-cm\.yaml": leave outLayout out/ },
    ));

  const refused: readonly (readonly [title: string, files: Files, config: JsonObject, message: RegExp])[] = [
    ['a chart that is not there', {}, { path: 'nope' }, /^path "nope" does not exist$/],
    [
      'a link that leads out',
      { 'chart/templates/x.yaml': { symlink: '/etc/hostname' } },
      {},
      /^chart: chart\/templates\/x\.yaml leads out/,
    ],
    [
      'a link that leads out, behind a link',
      { 'chart/files': { symlink: '../more' }, 'more/x': { symlink: '/etc' } },
      {},
      /^chart: more\/x leads out of the workspace$/,
    ],
    ['a template that fails', { 'chart/templates/x.yaml': '{{ fail "no luck" }}' }, {}, /no luck/],
    [
      'dependencies that are not there',
      {
        'chart/Chart.yaml': `${about}dependencies: [{name: lib, version: 1.0.0, repository: "https://h.example"}]\n`,
      },
      {},
      /missing in charts\/ directory: lib \(or set buildDependencies: true\)$/,
    ],
    ['a release name no release may have', {}, { releaseName: '../x' }, /invalid release name/],
  ];
  for (const [title, files, more, message] of refused) {
    it(`refuses ${title}`, async () => {
      await assert.rejects(run(files, more), { message });
      assert.ok(!existsSync(join(rig.root, 'out.yaml')));
    });
  }

  describe('dependencies', () => {
    const withDependency = (repository: string, more = ''): Files => ({
      'chart/Chart.yaml': `${about}dependencies:\n- {name: lib, version: 1.0.0, repository: "${repository}"}\n${more}`,
    });
    const lib = { name: 'lib/Chart.yaml', text: 'apiVersion: v2\nname: lib\nversion: 1.0.0\n' };
    const template = { name: 'lib/templates/l.yaml', text: 'kind: Lib\n' };

    const outside: readonly (readonly [title: string, files: Files, message: RegExp])[] = [
      ['an absolute path', withDependency('file:///etc'), /"file:\/\/\/etc": its path must be relative/],
      ['a climbing path', withDependency('file://../../outside'), /leads out of the workspace$/],
      [
        'a key in other letters',
        {
          'chart/Chart.yaml': `${about}Dependencies: [{Repository: "file:///etc"}]\n`,
        },
        /must be relative/,
      ],
      [
        'the lock file',
        { 'chart/Chart.lock': 'dependencies: [{name: x, repository: "file:///etc"}]\n' },
        /must be relative/,
      ],
      [
        'a link in the other chart',
        { ...withDependency('file://../lib'), 'lib/x': { symlink: '/etc' } },
        /lib\/x leads out/,
      ],
    ];
    for (const [title, files, message] of outside) {
      it(`may not lie outside by ${title}`, async () => {
        writeCaseFiles(rig.folder, { 'outside/Chart.yaml': lib.text });
        await assert.rejects(run(files, { buildDependencies: true }), { message });
      });
    }

    describe('of a repository', () => {
      let server: Server;
      let requests: string[];
      beforeEach(async () => {
        requests = [];
        server = createServer((request, response) => {
          requests.push(request.url!);
          if (request.url === '/lib-1.0.0.tgz')
            response.end(packTar({ gzip: true, entries: [lib, template] }));
          else
            response.end(
              'apiVersion: v1\nentries: {lib: [{name: lib, version: 1.0.0, urls: [lib-1.0.0.tgz]}]}\n',
            );
        });
        await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      });
      afterEach(() => new Promise((resolve) => server.close(resolve)));
      const url = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;

      it('are fetched when asked for, with a lock file too', async () => {
        await run(withDependency(url()), { buildDependencies: true });
        assert.match(read('out.yaml'), /kind: Lib/);
        assert.match(read('chart/Chart.lock'), /name: lib/);
        await run({ ...withDependency(url()), 'chart/charts': null }, { buildDependencies: true });
        assert.deepEqual(requests, ['/index.yaml', '/lib-1.0.0.tgz', '/index.yaml', '/lib-1.0.0.tgz']);
      });

      it('are not fetched otherwise', async () => {
        await assert.rejects(run(withDependency(url())));
        assert.deepEqual(requests, []);
      });
    });
  });

  it('knows nothing of the home and the cluster of the worker', async () => {
    const { tools, args } = watch();
    const files = { 'chart/templates/cm.yaml': 'values: {"n": {{ len (lookup "v1" "Node" "" "") }}}\n' };
    await run(files, {}, tools);
    assert.deepEqual(values(), { n: 0 });
    assert.deepEqual(
      args.filter((arg) => /kube(config|-context)|validate|dry-run=server/.test(arg)),
      [],
    );
    assert.deepEqual(entryAs(undefined, readTree(rig.root).get('.home')), null);
  });
});
