import assert from 'node:assert/strict';
import { truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { StepDefinition } from '../../src/activities/define-step.ts';
import { noAttempts } from '../../src/activities/journal.ts';
import { createScrubber } from '../../src/activities/scrub.ts';
import { evaluateStepConfig } from '../../src/activities/step-config.ts';
import { deleteFiles } from '../../src/activities/steps/delete.ts';
import { fail } from '../../src/activities/steps/fail.ts';
import { fileWrite } from '../../src/activities/steps/file-write.ts';
import { gitClone } from '../../src/activities/steps/git-clone.ts';
import { gitCommit } from '../../src/activities/steps/git-commit.ts';
import { gitPush } from '../../src/activities/steps/git-push.ts';
import { httpDownload } from '../../src/activities/steps/http-download.ts';
import { httpPost } from '../../src/activities/steps/http-post.ts';
import { http } from '../../src/activities/steps/http.ts';
import { steps } from '../../src/activities/steps/index.ts';
import { ociDownload } from '../../src/activities/steps/oci-download.ts';
import { ociPush } from '../../src/activities/steps/oci-push.ts';
import { toFailure } from '../../src/activities/to-failure.ts';
import type { JsonObject } from '../../src/core/json.ts';
import type { StepFailure, StepRun } from '../../src/core/promotion/step-run.ts';
import { createRegistries } from '../../src/providers/oci/registries.ts';
import { createTestRepository } from '../support/git-repository.ts';
import { createHttpServers } from '../support/http-server.ts';
import { readTree, writeCaseFiles } from '../support/step-case-files.ts';
import {
  createStepRig,
  createStepWorld,
  type StepRig,
  type StepWorldOptions,
} from '../support/step-world.ts';

/** A config, perhaps one that needs the address of the server, and the whole message that follows. */
type Row = readonly [
  step: StepDefinition,
  config: JsonObject | ((url: string) => JsonObject),
  message: string | RegExp,
];

const failed = 'step "x": ';
const errored = 'an unrecoverable error occurred: error running step "x": ';
const tooLarge = 100 * 1024 * 1024 + 1;

describe('an error that ends a step at once', () => {
  const servers = createHttpServers();
  let rig: StepRig;
  let url: string;
  beforeEach(async () => {
    rig = createStepRig();
    url = await servers.serve((request, response) => {
      if (request.url!.startsWith('/large')) response.setHeader('content-length', tooLarge).flushHeaders();
      else if (request.url!.includes('/manifests/')) sendManifest(request.url!, response);
      else response.writeHead(422).end('{"why": "bad tag"}');
    });
    writeCaseFiles(rig.root, { f: 'old', 'd/a': 'x', link: { symlink: 'd' }, big: '' });
    truncateSync(join(rig.root, 'big'), 2 * 1024 * 1024 + 1);
  });
  afterEach(async () => {
    rig.remove();
    await servers.close();
  });

  const endOf = (step: StepDefinition, config: JsonObject, options?: StepWorldOptions) =>
    failureOf(() => rig.run(step, config, options));
  const hostOf = () => new URL(url).host;

  const asFailed: readonly Row[] = [
    [fail, { message: 'no window' }, 'failed: no window'],
    [
      fileWrite,
      { path: '/etc/x', contents: '' },
      'path "/etc/x" must be relative to the workspace: leave out the "/" at its beginning',
    ],
    [fileWrite, { path: 'a/../../x', contents: '' }, 'path "a/../../x" leads out of the workspace'],
    [
      fileWrite,
      { path: 'd/.git/hooks/x', contents: '' },
      'path "d/.git/hooks/x" is inside a .git folder, where nothing may be written',
    ],
    [
      fileWrite,
      { path: 'link/x', contents: '' },
      'path "link/x" runs through a symbolic link: write to where it leads',
    ],
    [fileWrite, { path: 'f', contents: '' }, 'file "f" already exists; set overwrite to true to replace it'],
    [
      fileWrite,
      { path: 'n', contents: '', permissions: '0755' },
      'permissions "0755" must not include execution: use digits 0, 2, 4, 6',
    ],
    [
      fileWrite,
      { path: 'n', contents: '', permissions: '0666' },
      'permissions "0666" must not let everybody write: use 0, 4 as the last digit',
    ],
    [
      gitClone,
      { repoURL: 'https://host.invalid/a', checkout: [{ path: 'a' }, { path: 'b', as: 'a' }] },
      'checkout[1]: duplicate checkout alias "a"; give each checkout an "as" of its own',
    ],
    [
      http,
      (at) => ({
        url: at,
        failureExpression: 'response.status == 422',
        errorExpression: 'response.body.why',
      }),
      'HTTP (422) response met failure criteria: "bad tag"',
    ],
    [
      httpDownload,
      (at) => ({ url: `${at}/large?token=t`, outPath: 'n' }),
      /^http:\/\/127\.0\.0\.1:\d+\/large has 104857601 bytes: at most 104857600 can be downloaded$/,
    ],
    [
      ociPush,
      { srcRef: 'ghcr.io/A/b:1', destRef: 'ghcr.io/a/b:1' },
      'srcRef: "ghcr.io/A/b:1" names no repository: lower case, digits, ".", "_", "-" and "/" are allowed',
    ],
    [
      ociPush,
      { srcRef: 'ghcr.io/a/b:1', destRef: 'ghcr.io/a/b:-x' },
      'destRef: "ghcr.io/a/b:-x" has the tag "-x", which no registry takes',
    ],
  ];

  const unread = 'outputs[0].fromExpression: ';
  const asErrored: readonly Row[] = [
    [
      deleteFiles,
      { paths: ['[a', 'd', '{a'], pathsAreGlobs: true },
      /^paths\[0\]: pattern "\[a" is malformed: .*; paths\[2\]: pattern "\{a" is malformed: "\{" is not closed$/,
    ],
    [deleteFiles, { path: '[a', pathsAreGlobs: true }, /^path: pattern "\[a" is malformed: /],
    [
      http,
      { url: 'http://[::1/a' },
      'url "http://[::1/a" is no address: write it as in https://host.example/path',
    ],
    [
      httpPost,
      { url: 'https://user:s3cret@[::1/a?token=t0ken', body: {} },
      'url "https://[::1/a" is no address: write it as in https://host.example/path',
    ],
    [
      http,
      { url: 'https://host.invalid', proxy: 'http://me:s3cret@[::1' },
      'proxy "http://[::1" is no address: write it as in https://host.example/path',
    ],
    [http, { url: 'https://host.invalid', bodyFromFile: 'n' }, 'bodyFromFile: path "n" does not exist'],
    [http, { url: 'https://host.invalid', bodyFromFile: 'd' }, 'bodyFromFile: path "d" is no file'],
    [
      http,
      { url: 'https://host.invalid', bodyFromFile: 'big' },
      'bodyFromFile: path "big" has 2097153 bytes: at most 2097152 can be read',
    ],
    [
      http,
      {
        url: 'https://host.invalid',
        successExpression: 'response.status =',
        failureExpression: '((',
        outputs: [{ name: 'a', fromExpression: 'a b' }],
      },
      new RegExp(`^successExpression: .*; failureExpression: .*; ${unread.replace(/[[\].]/g, '\\$&')}`, 's'),
    ],
    [http, (at) => ({ url: at, failureExpression: 'true', errorExpression: 'a b' }), /^errorExpression: /],
    [
      httpDownload,
      { url: 'http://[::1/a', outPath: 'n' },
      'url "http://[::1/a" is no address: write it as in https://host.example/path',
    ],
    [
      httpDownload,
      { url: 'https://host.invalid', outPath: './f' },
      'outPath "./f" exists; set allowOverwrite to true to replace it',
    ],
    [
      httpDownload,
      { url: 'https://host.invalid', outPath: '..', allowOverwrite: true },
      'outPath ".." is the workspace itself: name a file in it',
    ],
    [
      ociDownload,
      { imageRef: 'host.invalid/a:1', outPath: 'd' },
      'outPath "d" exists; set allowOverwrite to true to replace it',
    ],
    [
      ociDownload,
      (at) => ({ imageRef: `${new URL(at).host}/a/b:large`, outPath: 'n' }),
      /^127\.0\.0\.1:\d+\/a\/b:large: the layer has 104857601 bytes, more than the 104857600 that can be downloaded$/,
    ],
    [
      ociPush,
      (at) => ({ srcRef: `${new URL(at).host}/a/b:old`, destRef: `${new URL(at).host}/a/b:new` }),
      /^127\.0\.0\.1:\d+\/a\/b: old is of the kind text\/plain, which cannot be copied$/,
    ],
  ];

  for (const [type, status, rows, start] of [
    ['StepFailed', 'Failed', asFailed, failed],
    ['StepErrored', 'Errored', asErrored, errored],
  ] as const) {
    for (const [step, config, message] of rows) {
      const written = typeof config === 'function' ? config('http://host') : config;
      it(`of ${step.kind} is ${status}: ${JSON.stringify(written)}`, async () => {
        const before = readTree(rig.root);
        const failure = await endOf(step, typeof config === 'function' ? config(url) : config);
        assert.deepEqual([failure.type, failure.status], [type, status]);
        const [found, rest] = [failure.message.slice(0, start.length), failure.message.slice(start.length)];
        assert.equal(found, start);
        if (typeof message === 'string') assert.equal(rest, message);
        else assert.match(rest, message);
        assert.deepEqual(readTree(rig.root), before);
      });
    }
  }

  for (const [maximumCopy, reason] of [
    [0, /a\/b to another repository, .*a\/c, is off: the operator allows it with oci\.maxPushSize$/],
    [5, /a\/b: large has \d+ bytes, more than the 5 that the operator allows with oci\.maxPushSize$/],
  ] as const) {
    it(`of oci-push is Errored where ${maximumCopy} bytes may go to another repository`, async () => {
      const { http: via, findCredentials, signal } = createStepWorld(rig.root);
      const policy = { maximumCopy };
      const registries = createRegistries({ http: via, findCredentials, signal, patience: 0, policy });
      const config = { srcRef: `${hostOf()}/a/b:large`, destRef: `${hostOf()}/a/c:x` };
      const { type, message } = await endOf(ociPush, config, { registries });
      assert.equal(type, 'StepErrored');
      assert.match(message, reason);
    });
  }

  it('of git-push is Failed, with branch, repository and files of a conflict', async () => {
    const commits = [{ id: 'c1', branch: 'main', files: { a: '1\n' }, message: 'one' }];
    const origin = createTestRepository(join(rig.folder, 'origin'), { commits });
    const checkout = [{ path: 'src', branch: 'main' }];
    await rig.run(gitClone, { repoURL: origin.url, checkout });
    writeFileSync(join(rig.root, 'src/a'), '2\n');
    await rig.run(gitCommit, { path: 'src', message: 'two' });
    origin.add([{ id: 'c2', branch: 'main', files: { a: '3\n' }, message: 'other' }]);
    const { type, message } = await endOf(gitPush, { path: 'src' });
    assert.equal(type, 'StepFailed');
    assert.equal(
      message,
      `${failed}merge conflict with branch main of ${origin.url} in a; resolve it there or promote again, ` +
        'and let Stages that share a branch write to different files',
    );
  });
});

describe('an error that counts', () => {
  const servers = createHttpServers();
  let rig: StepRig;
  beforeEach(() => {
    rig = createStepRig();
  });
  afterEach(async () => {
    rig.remove();
    await servers.close();
  });

  it('ends http and http-download as Failed when their server gives another status than 2xx', async () => {
    const url = await servers.serve((_, response) => response.writeHead(404).end());
    const rows = [
      [http, { url }, 'HTTP (404) response met failure criteria'],
      [
        httpDownload,
        { url: `${url}/a?token=t`, outPath: 'n' },
        `${url}/a: HTTP request failed with status 404`,
      ],
    ] as const;
    for (const [step, config, message] of rows) {
      const below = await failureOf(() => rig.run(step, config), 2);
      assert.deepEqual([below.type, below.message], ['TransientError', `${failed}${message}`]);
      const { type, message: last } = await failureOf(() => rig.run(step, config), 1);
      assert.deepEqual(
        [type, last],
        ['StepFailed', `step "x" met error threshold of 1: ${failed}${message}`],
      );
    }
  });

  it('ends a step that broke of itself as Errored, without a stack', async () => {
    const crash = () => Promise.resolve((undefined as unknown as { a: string }).a);
    const { type, message } = await failureOf(async () => crash(), 1);
    assert.equal(type, 'StepErrored');
    assert.match(message, /^step "x" met error threshold of 1: error running step "x": Cannot read .*'a'\)$/);
  });
});

describe('a config that breaks the schema', () => {
  const free = ['compose-output'];
  for (const definition of steps.filter(({ kind }) => !free.includes(kind))) {
    it(`ends ${definition.kind} as Failed, with every field that is wrong`, async () => {
      const required = (definition.config as { required?: readonly string[] }).required ?? [];
      const run = stepRun(definition.kind, { nonsense: 1 });
      const { type, message } = await failureOf(async () => evaluateStepConfig(definition, run));
      assert.equal(type, 'StepFailed');
      assert.ok(message.startsWith(`${failed}invalid ${definition.kind} config: `), message);
      for (const field of ['nonsense', ...required]) assert.match(message, new RegExp(`\\b${field}\\b`));
    });
  }
});

/** What the server is told of an attempt, as the one that has so many errors in a row allowed. */
async function failureOf(
  work: () => Promise<unknown>,
  errorThreshold = 5,
): Promise<
  Pick<StepFailure, 'message'> & { readonly type: string; readonly status?: StepFailure['status'] }
> {
  const error: unknown = await work().then(
    () => assert.fail('it succeeded'),
    (reason: unknown) => reason,
  );
  const run = stepRun('any', {}, errorThreshold);
  const { failure } = toFailure(error, {
    run,
    attempts: noAttempts,
    timedOut: false,
    scrubber: createScrubber(),
  });
  const [details] = (failure.details ?? []) as readonly StepFailure[];
  return { type: failure.type ?? '', message: failure.message, ...(details && { status: details.status }) };
}

function stepRun(uses: string, config: JsonObject, errorThreshold = 5): StepRun {
  const freight = { name: 'f', alias: 'f', commits: [], images: [], charts: [], artifacts: [] };
  const startedAt = '2026-01-01T00:00:00Z';
  const name = 'one';
  return {
    index: 0,
    uses,
    config,
    scope: {
      identity: { name, project: 'demo', stage: 'test', workflowId: 'w', firstRunId: 'r', startedAt },
      alias: 'x',
      promotionVars: [],
      stepVars: [],
      outputs: {},
      records: [],
      startedAt,
      freight: { target: freight, collection: [freight], origins: [], warehouses: [] },
    },
    retry: { errorThreshold, backoff: { initial: 100, factor: 2, max: 1000 } },
    reads: {},
  };
}

/** `large` has a layer of over 100 MiB, `old` is of a kind that nobody knows. */
function sendManifest(
  path: string,
  response: { setHeader(name: string, value: string): { end(text: string): void } },
): void {
  const layers = [{ mediaType: 'a', digest: `sha256:${'0'.repeat(64)}`, size: tooLarge }];
  const type = path.endsWith('old') ? 'text/plain' : 'application/vnd.oci.image.manifest.v1+json';
  response.setHeader('content-type', type).end(JSON.stringify({ schemaVersion: 2, layers }));
}
