import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { kustomizeBuild } from '../../../src/activities/steps/kustomize-build.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { runStepCase, type StepCase } from '../../support/step-case.ts';

/** A refused name leaves nothing behind here, an empty folder there. */
const better = ['kustomize-build/slash-name'];

describe('kustomize-build: recorded runs', () => {
  const text = readFileSync(new URL('../../cases/step-cases.jsonl', import.meta.url), 'utf8');
  const cases = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as StepCase);
  for (const one of cases.filter(({ step, id }) => step === 'kustomize-build' && !better.includes(id))) {
    it(`${one.id}: ${one.why}`, async () => assert.deepEqual(await runStepCase(one, [kustomizeBuild]), []));
  }
});

describe('kustomize-build', () => {
  const config = { path: 'env', outPath: 'out' };

  it('keeps resources apart that would share a file name', () =>
    runs(
      {
        'env/kustomization.yaml': 'resources: [a.yaml]\n',
        'env/a.yaml':
          'apiVersion: a.example/v1\nkind: Thing\nmetadata: {name: x}\n---\napiVersion: b.example/v1\nkind: Thing\nmetadata: {name: x}\n',
      },
      config,
      {
        'out/thing.a.example-x.yaml': 'apiVersion: a.example/v1\nkind: Thing\nmetadata:\n  name: x\n',
        'out/thing.b.example-x.yaml': 'apiVersion: b.example/v1\nkind: Thing\nmetadata:\n  name: x\n',
      },
    ));

  it('inflates a chart of the workspace with the helm binary', () =>
    runs(
      {
        'env/kustomization.yaml':
          'helmGlobals: {chartHome: ../charts}\nhelmCharts:\n- {name: app, releaseName: r, valuesFile: values.yaml}\n',
        'env/values.yaml': 'greeting: hello\n',
        'charts/app/Chart.yaml': 'apiVersion: v2\nname: app\nversion: 0.1.0\n',
        'charts/app/templates/a.yaml':
          'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: {{ .Release.Name }}\ndata:\n  a: {{ .Values.greeting }}\n' +
          '  k: {{ .Capabilities.KubeVersion.Version }}\n  h: {{ .Capabilities.APIVersions.Has "a.example/v1" | quote }}\n',
      },
      { ...config, plugin: { helm: { apiVersions: ['a.example/v1'], kubeVersion: '1.30.0' } } },
      {
        'out/configmap-r.yaml':
          'apiVersion: v1\ndata:\n  a: hello\n  h: "true"\n  k: v1.30.0\nkind: ConfigMap\nmetadata:\n  name: r\n',
      },
    ));

  it('replaces a symlink in the output and leaves alone what it leads to', () =>
    runs(
      {
        'env/kustomization.yaml': 'resources: [a.yaml]\n',
        'env/a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
        'out/configmap-a.yaml': { symlink: '../precious' },
        precious: 'x\n',
      },
      config,
      { 'out/configmap-a.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\n' },
    ));

  const outside: readonly (readonly [title: string, files: Record<string, unknown>, message: RegExp])[] = [
    [
      'a resource',
      { 'env/kustomization.yaml': 'resources: [/etc/hostname]\n' },
      /^env\/kustomization\.yaml: resources\[0\] "\/etc\/hostname" leads out/,
    ],
    [
      'a climbing path',
      {
        'env/kustomization.yaml': `configMapGenerator: [{name: a, files: [x=${'../'.repeat(20)}etc/hostname]}]\n`,
      },
      /configMapGenerator\[0\]\.files\[0\]/,
    ],
    [
      'a key in other case',
      { 'env/kustomization.yaml': 'Resources: [/etc/hostname]\n' },
      /leads out of the workspace/,
    ],
    [
      'a merge key',
      { 'env/kustomization.yaml': 'x: &x {resources: [/etc/hostname]}\n<<: *x\n' },
      /leads out of the workspace/,
    ],
    [
      'a symlink',
      { 'env/kustomization.yaml': 'resources: [a.yaml]\n', 'env/a.yaml': { symlink: '/etc/hostname' } },
      /resources\[0\] "a\.yaml" leads out/,
    ],
    [
      'a symlinked folder of a base',
      {
        'env/kustomization.yaml': 'resources: [../base]\n',
        'base/kustomization.yaml': 'crds: [etc/hostname]\n',
        'base/etc': { symlink: '/etc' },
      },
      /^base\/kustomization\.yaml: crds\[0\]/,
    ],
    [
      'a kustomization that is a symlink',
      { 'env/kustomization.yaml': { symlink: '/etc/hostname' } },
      /^env\/kustomization\.yaml leads out/,
    ],
    [
      'a generator',
      {
        'env/kustomization.yaml': 'generators: [g.yaml]\n',
        'env/g.yaml':
          'apiVersion: builtin\nkind: ConfigMapGenerator\nmetadata: {name: a}\nfiles: [/etc/hostname]\n',
      },
      /^env\/g\.yaml: files\[0\]/,
    ],
    [
      'a generator of a folder',
      {
        'env/kustomization.yaml': 'generators: [../gen]\n',
        'gen/kustomization.yaml': 'resources: [g.yaml]\n',
        'gen/g.yaml': 'kind: ConfigMapGenerator\nfiles: [/etc/hostname]\n',
      },
      /^gen\/g\.yaml: files\[0\]/,
    ],
    [
      'an inline generator',
      {
        'env/kustomization.yaml': 'generators:\n- |-\n  kind: ConfigMapGenerator\n  envs: [/etc/hostname]\n',
      },
      /envs\[0\]/,
    ],
    [
      'a remote generator',
      { 'env/kustomization.yaml': 'generators: ["https://127.0.0.1:1/g.yaml"]\n' },
      /must be in the workspace/,
    ],
    [
      'values of a chart',
      { 'env/kustomization.yaml': 'helmCharts: [{name: a, valuesFile: /etc/hostname}]\n' },
      /helmCharts\[0\]\.valuesFile/,
    ],
    [
      'a link in a chart',
      {
        'env/kustomization.yaml': 'helmCharts: [{name: a}]\n',
        'env/charts/a/templates/x': { symlink: '/etc/hostname' },
      },
      /helmCharts\[0\]\.name "charts\/a": env\/charts\/a\/templates\/x leads out/,
    ],
    [
      'an option for helm',
      { 'env/kustomization.yaml': 'helmCharts: [{name: a, releaseName: --post-renderer=./x}]\n' },
      /helmCharts\[0\]\.releaseName may not begin with "-"/,
    ],
    [
      'a local Git repository',
      { 'env/kustomization.yaml': 'resources: ["file:///tmp/repository"]\n' },
      /file:\/\/\/tmp\/repository/,
    ],
    [
      'what cannot be checked',
      { 'env/kustomization.yaml': 'resources: [a]\nresources: [b]\n' },
      /^env\/kustomization\.yaml: is no YAML that can be checked/,
    ],
  ];
  for (const [title, files, message] of outside) {
    it(`refuses what lies outside the workspace: ${title}`, async () => {
      const [, text] = await runStepCase(caseOf(files, config, {}), [kustomizeBuild]);
      assert.match(/got false \((.*)\)$/s.exec(text!)![1]!, message);
    });
  }

  it('names paths as the user knows them', async () => {
    const [, text] = await runStepCase(
      caseOf({ 'env/kustomization.yaml': 'resources: [no.yaml]\n' }, config, {}),
      [kustomizeBuild],
    );
    assert.match(text!, /kustomize ended with exit code 1: .*open env\/no\.yaml: no such file/);
  });

  function caseOf(files: object, config: JsonObject, written: object): StepCase {
    return {
      id: 'own',
      step: 'kustomize-build',
      why: '',
      config,
      given: { files },
      expect: {
        status: 'Succeeded',
        files: written,
      },
    } as unknown as StepCase;
  }

  async function runs(files: object, config: JsonObject, written: object): Promise<void> {
    assert.deepEqual(await runStepCase(caseOf(files, config, written), [kustomizeBuild]), []);
  }
});
