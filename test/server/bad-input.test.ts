import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { stringify } from 'yaml';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';
import { createToolResolver, type ToolResolver } from '../../src/tools/tools.ts';
import { startWorker, type RunningWorker } from '../../src/worker.ts';
import { runGantry, type CliResult } from '../support/cli.ts';
import { createTestRepository, type TestRepository } from '../support/git-repository.ts';
import { useTemporalServer } from '../support/temporal-server.ts';

interface Step {
  readonly uses: string;
  readonly as?: string;
  readonly config?: object;
}

interface Case {
  readonly title: string;
  readonly steps: readonly Step[];
  /** The step that does not end well, and what it says: place and remedy. */
  readonly step: string;
  readonly message: RegExp;
  /** Text of the repository's `update` hook. */
  readonly hook?: string;
}

describe('bad input to a promotion that runs', function () {
  this.timeout(60_000);
  const folder = mkdtempSync(join(tmpdir(), 'gantry-bad-run-'));
  const outside = join(folder, 'outside');
  let client: Client;
  let environment: NodeJS.ProcessEnv;
  let refusing: Server;
  let worker: RunningWorker;
  let repository: TestRepository;
  let connection: { address: string; namespace: string };
  let count = 0;

  before(async () => {
    const server = await useTemporalServer();
    client = await server.client();
    connection = server;
    environment = { HOME: folder, TEMPORAL_ADDRESS: server.address, TEMPORAL_NAMESPACE: server.namespace };
    refusing = createServer((_, response) => {
      response.writeHead(401, { 'www-authenticate': 'Basic realm="git"' }).end();
    });
    await new Promise<void>((resolve) => refusing.listen(0, '127.0.0.1', resolve));
    mkdirSync(outside);
    mkdirSync(join(folder, 'secrets'));
    writeFileSync(join(outside, 'keep'), 'as it was');
    writeFileSync(join(folder, 'secrets/wrong.json'), JSON.stringify(wrongSecret(urlOfRefusing())));
    worker = await start(createToolResolver({ env: process.env }));
  });
  after(async () => {
    await worker?.stop();
    refusing?.close();
    rmSync(folder, { recursive: true });
  });

  beforeEach(() => {
    repository = createTestRepository(join(folder, `r${++count}.git`), {
      commits: [
        {
          id: 'c1',
          branch: 'main',
          message: 'one',
          files: {
            'base/kustomization.yaml': 'resources: [cm.yaml]\n',
            'base/cm.yaml': 'apiVersion: v1\nkind: ConfigMap\nmetadata: {name: a}\n',
            link: { symlink: outside },
            up: { symlink: '../../../../../../../../..' },
          },
        },
      ],
    });
  });

  const urlOfRefusing = () => `http://127.0.0.1:${(refusing.address() as AddressInfo).port}/private.git`;
  const clone = (path = './src', repoURL = '<repository>'): Step => ({
    uses: 'git-clone',
    as: 'clone',
    config: { repoURL, checkout: [{ path, branch: 'main' }] },
  });
  const change: readonly Step[] = [
    clone(),
    { uses: 'kustomize-build', as: 'build', config: { path: './src/base', outPath: './src/out.yaml' } },
    { uses: 'git-commit', as: 'commit', config: { path: './src', message: 'two' } },
    { uses: 'git-push', as: 'push', config: { path: './src' } },
  ];

  const cases: readonly Case[] = [
    {
      title: 'a repository that does not exist',
      steps: [clone('./src', '<repository>-gone')],
      step: 'clone',
      message: /-gone: the repository does not exist.*check repoURL/,
    },
    {
      title: 'a host that cannot be reached',
      steps: [clone('./src', 'http://127.0.0.1:1/a.git')],
      step: 'clone',
      message: /127\.0\.0\.1:1\/a\.git: the host cannot be reached; check repoURL/,
    },
    {
      title: 'a wrong credential',
      steps: [clone('./src', '<refusing>')],
      step: 'clone',
      message: /private\.git: access is refused; check what the credentials of project demo/,
    },
    {
      title: 'a push that the remote refuses',
      steps: change,
      hook: '#!/bin/sh\necho "no commits on Fridays" >&2\nexit 1\n',
      step: 'push',
      message: /refuses the push to branch main[^]*no commits on Fridays/,
    },
    {
      title: 'a protected branch',
      steps: change,
      hook: '#!/bin/sh\necho "GH006: Protected branch update failed for $1." >&2\nexit 1\n',
      step: 'push',
      message: /refuses the push to branch main .*generateTargetBranch: true[^]*GH006/,
    },
    {
      title: 'a path that is not there',
      steps: [
        clone(),
        { uses: 'kustomize-build', as: 'build', config: { path: './src/bsae', outPath: './o' } },
      ],
      step: 'build',
      message: /src\/bsae/,
    },
    {
      title: 'an output nobody made',
      steps: [
        clone(),
        { uses: 'git-commit', as: 'commit', config: { path: './src', message: '${{ outputs.nope.text }}' } },
      ],
      step: 'commit',
      message: /message: cannot read text of nil \(\?\. reads nil instead\)/,
    },
    {
      title: 'an expression that comes to the wrong type',
      steps: [
        clone(),
        {
          uses: 'git-clone',
          as: 'again',
          config: { repoURL: '<repository>', checkout: '${{ 1 + 1 }}' },
        },
      ],
      step: 'again',
      message: /checkout: must be a list, not 2/,
    },
  ];
  for (const { title, steps, step, message, hook } of cases) {
    it(`${title}: exit code 1, FAILED, and the remote as it was`, async () => {
      if (hook) writeFileSync(join(repository.path, 'hooks/update'), hook, { mode: 0o755 });
      const before = refsOf(repository);
      const { status, end } = await promote(steps);
      assert.match(status.message ?? '', message);
      const failed = status.stepExecutionMetadata.filter((record) => record.status === status.phase);
      assert.deepEqual(
        failed.map(({ alias }) => alias),
        [step],
      );
      assert.deepEqual([end.code, status.phase === 'Failed' || status.phase === 'Errored'], [1, true]);
      assert.ok(!JSON.stringify([status, end]).includes('canary'));
      assert.equal(refsOf(repository), before);
    });
  }

  const escapes: readonly (readonly [string, readonly Step[]])[] = [
    ['with ..', [clone('../../../outside/x')]],
    ['from the root', [clone(join(outside, 'x'))]],
    [
      'through a link',
      [
        clone(),
        { uses: 'git-clear', config: { path: './src/link' } },
        { uses: 'kustomize-build', config: { path: './src/base', outPath: './src/link/keep' } },
      ],
    ],
    [
      'through a link upwards',
      [
        clone(),
        { uses: 'kustomize-build', config: { path: './src/base', outPath: `./src/up${outside}/keep` } },
      ],
    ],
  ];
  for (const [title, steps] of escapes) {
    it(`a path out of the workspace, ${title}: nothing outside changes, and the promotion ends`, async () => {
      const before = refsOf(repository);
      await promote(steps);
      assert.deepEqual(readdirSync(outside), ['keep']);
      assert.equal(readFileSync(join(outside, 'keep'), 'utf8'), 'as it was');
      assert.equal(refsOf(repository), before);
    });
  }

  it('a missing tool: exit code 2 before anything happens', async () => {
    await worker.stop();
    const tools = createToolResolver({ env: process.env });
    worker = await start({
      ...tools,
      resolve: (name) =>
        name === 'kustomize' ? Promise.reject(new Error('no kustomize')) : tools.resolve(name),
    });
    try {
      const before = refsOf(repository);
      const { code, stderr } = await run(change);
      assert.match(
        (JSON.parse(stderr.trim().split('\n').at(-1)!) as { message: string }).message,
        /^Invalid promotion: 1 problem:\n {2}- .*steps\[1\]\.uses: step "build" \(kustomize-build\) needs kustomize, .*: see "gantry tools"$/,
      );
      assert.equal(code, 2);
      assert.equal(refsOf(repository), before);
    } finally {
      await worker.stop();
      worker = await start(tools);
    }
  });

  it('a tool of the wrong version: the worker names it, what it found and what to do', async () => {
    const bin = join(folder, 'bin');
    mkdirSync(bin);
    writeFileSync(join(bin, 'git'), '#!/bin/sh\necho git version 2.38.9\n', { mode: 0o755 });
    const env = { ...environment, PATH: `${bin}:${process.env['PATH']}` };
    const { code, stderr } = await runGantry(['worker', '--workspaces', join(folder, 'old')], {
      cwd: folder,
      env,
    });
    assert.match(stderr, /git 2\.39 or newer is needed[^]*bin\/git is 2\.38\.9\nInstall it/);
    assert.equal(code, 1);
  });

  it('a workspaces folder that cannot be: the worker says so, and leaves nothing open', async () => {
    writeFileSync(join(folder, 'file'), '');
    await assert.rejects(
      start(createToolResolver({ env: process.env }), join(folder, 'file/workspaces')),
      /file\/workspaces/,
    );
  });

  function start(
    tools: ToolResolver,
    workspaces = join(folder, 'workspaces/of/the/worker'),
  ): Promise<RunningWorker> {
    return startWorker({
      connection: { address: connection.address },
      namespace: connection.namespace,
      workspaces,
      tools,
      secrets: join(folder, 'secrets'),
      allowInlineSteps: false,
      log: { level: 'error', format: 'text', write: () => {} },
    });
  }

  function run(steps: readonly Step[]): Promise<CliResult> {
    const written = JSON.stringify(steps)
      .replaceAll('<repository>', repository.url)
      .replaceAll('<refusing>', urlOfRefusing());
    const pipelines = join(folder, 'stage.yaml');
    writeFileSync(
      pipelines,
      stringify({
        apiVersion: 'kargo.akuity.io/v1alpha1',
        kind: 'Stage',
        metadata: { name: 'test', namespace: 'demo' },
        spec: { promotionTemplate: { spec: { steps: JSON.parse(written) as object[] } } },
      }),
    );
    writeFileSync(join(folder, 'freight.yaml'), 'images: [{repoURL: a/b, tag: "1"}]\n');
    const argv = '--project demo --stage test --freight freight.yaml --definitions stage.yaml -o json';
    return runGantry(['promote', ...argv.split(' ')], { cwd: folder, env: environment });
  }

  /** A promotion that was started, with how its workflow ended. */
  async function promote(steps: readonly Step[]): Promise<{ status: PromotionStatus; end: CliResult }> {
    const end = await run(steps);
    assert.notEqual(end.stdout, '', end.stderr);
    const status = JSON.parse(end.stdout) as PromotionStatus & { workflowId: string };
    const { status: closed } = await client.workflow.getHandle(status.workflowId).describe();
    assert.equal(closed.name, status.phase === 'Succeeded' ? 'COMPLETED' : 'FAILED');
    return { status, end };
  }
});

function refsOf(repository: TestRepository): string {
  return repository.git('for-each-ref');
}

function wrongSecret(repoURL: string): object {
  const encode = (text: string) => Buffer.from(text).toString('base64');
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name: 'wrong', namespace: 'demo', labels: { 'kargo.akuity.io/cred-type': 'git' } },
    data: { repoURL: encode(repoURL), username: encode('alice'), password: encode('canary-wrong') },
  };
}
