/** The steps about pull requests as a worker runs them, with a real Gitea. */
import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { ApplicationFailure } from '@temporalio/common';
import type { Attempt } from '../../src/activities/heartbeat.ts';
import { createMarkCommits } from '../../src/activities/mark-commits.ts';
import { runStep, type Surroundings } from '../../src/activities/run-step.ts';
import { createScrubber } from '../../src/activities/scrub.ts';
import { steps } from '../../src/activities/steps/index.ts';
import { openWorkspaces } from '../../src/activities/workspace/open-workspaces.ts';
import type { Workspaces } from '../../src/activities/workspace/workspaces.ts';
import { isObject, type Json, type JsonObject } from '../../src/core/json.ts';
import type { StepFailure, StepResult, StepRun } from '../../src/core/promotion/step-run.ts';
import { openGitea, type TestGitea } from '../support/gitea.ts';
import { toolPath } from '../support/tools.ts';

describe('pull request steps on a real Gitea', () => {
  let gitea: TestGitea;
  let root: string;
  let workspaces: Workspaces;
  let around: Surroundings;
  let repoURL: string;
  const logged: string[] = [];

  before(async function () {
    this.timeout(60_000);
    gitea = await openGitea();
    repoURL = await gitea.createRepository('ops');
    root = await mkdtemp(join(tmpdir(), 'gantry-pr-steps-'));
    workspaces = await openWorkspaces(root, 2);
    const log = (level: string) => (message: string, fields?: JsonObject) =>
      void logged.push(`${level} ${message} ${JSON.stringify(fields ?? {})}`);
    around = {
      workspaces,
      credentials: { find: async () => ({ username: 'x', password: gitea.token }) },
      resolveTool: (name) => Promise.reject(new Error(`no ${name}`)),
      gitBinary: toolPath('git'),
      gitIdentity: { name: 'Kargo', email: 'no-reply@kargo.io' },
      environment: {},
      taskPrefix: `${workspaces.uid}/`,
      logFor: () => ({ debug: log('debug'), info: log('info'), warn: log('warn') }),
      scrubber: createScrubber(),
      closing: new AbortController().signal,
      httpPolicy: { allow: ['loopback'] },
    };
  });
  after(async () => {
    await gitea.close();
    await workspaces.close();
    await rm(root, { recursive: true });
  });

  let signals: unknown[];
  let outputs: Record<string, JsonObject>;
  beforeEach(() => {
    signals = [];
    outputs = {};
  });

  /** One attempt of a step, its config as written; outputs go on to later steps. */
  async function run(uses: string, config: JsonObject, attempt: Partial<Attempt> = {}): Promise<StepResult> {
    const definition = steps.find(({ kind }) => kind === uses)!;
    const reads = Object.fromEntries(
      (definition.reads ?? []).map((key) => [key, readsOf(outputs, key)]),
    ) as StepRun['reads'];
    const whole = { provider: 'gitea', repoURL, ...config };
    const stepRun = { ...emptyRun(uses), config: whole, reads };
    const result = await runStep(definition, { ...stepRun, scope: { ...stepRun.scope, outputs } }, around, {
      ...scripted(),
      tellWorkflow: async (signal, payload) => void signals.push([signal, payload]),
      ...attempt,
    });
    if (result.output) outputs[uses] = result.output;
    return result;
  }

  async function ending(uses: string, config: JsonObject): Promise<ApplicationFailure> {
    return run(uses, config).then(
      (result) => assert.fail(`it ended with ${JSON.stringify(result)}`),
      (error: unknown) => {
        assert.ok(error instanceof ApplicationFailure, String(error));
        return error;
      },
    );
  }

  /** Gitea takes a moment to find out that it can be merged. */
  async function mergeWhenReady(prNumber: number): Promise<StepResult> {
    for (let left = 100; ; left -= 1) {
      try {
        return await run('git-merge-pr', { prNumber, wait: true });
      } catch (error) {
        const isNotYet = error instanceof ApplicationFailure && error.type === 'NotYet';
        if (!isNotYet || left === 0) throw error;
        await sleep(100);
      }
    }
  }

  async function commit(branch: string, text: string, message = `Promote ${text}\n\n- a: ${text}`) {
    const content = Buffer.from(text).toString('base64');
    const body = { branch: 'main', new_branch: branch, message, content };
    await gitea.call('POST', `repos/root1/ops/contents/${branch}.txt`, body);
  }

  const number = '${{ outputs["git-open-pr"].prNumber }}';
  const commitOf = ({ output }: StepResult) => (output as { readonly commit: string }).commit;
  const numberOf = ({ output }: StepResult) => (output as { readonly prNumber: number }).prNumber;

  it('opens, waits, merges; then the wait ends with the commit that Gitea made', async () => {
    await commit('one', 'v1');
    const opened = await run('git-open-pr', { sourceBranch: 'one', targetBranch: 'main', labels: [] });
    const id = numberOf(opened);
    assert.deepEqual(opened.pullRequests, [`${repoURL.slice('http://'.length, -'.git'.length)}#${id}`]);
    const said = (await gitea.call('GET', `repos/root1/ops/pulls/${id}`)) as { title: string; body: string };
    assert.deepEqual([said.title, said.body.trim()], ['Promote v1', '- a: v1']);

    const waiting = await ending('git-wait-for-pr', { prNumber: number });
    assert.equal(waiting.type, 'NotYet');
    assert.match(waiting.message, new RegExp(`pull request #${id} of .*/root1/ops is open`));
    assert.deepEqual(signals, []);

    const merged = await mergeWhenReady(id);
    const waited = await run('git-wait-for-pr', { prNumber: number });
    assert.match(commitOf(waited), /^[0-9a-f]{40}$/);
    assert.equal(waited.output?.['commit'], merged.output?.['commit']);
    const branch = (await gitea.call('GET', 'repos/root1/ops/branches/main')) as { commit: { id: string } };
    assert.equal(branch.commit.id, merged.output?.['commit']);

    const again = await run('git-merge-pr', { prNumber: number });
    assert.equal(again.output?.['commit'], merged.output?.['commit']);
  });

  it('opens one request, however often it is run', async () => {
    await commit('two', 'v2');
    const config = { sourceBranch: 'two', targetBranch: 'main' };
    const first = await run('git-open-pr', config);
    assert.equal(numberOf(await run('git-open-pr', config)), numberOf(first));
    assert.equal(numberOf(await run('git-open-pr', config, { number: 2 })), numberOf(first));
  });

  it('adopts the request that the attempt before opened, cut off before it could tell', async () => {
    await commit('three', 'v3');
    const body = { head: 'three', base: 'main', title: 'by an attempt' };
    const made = (await gitea.call('POST', 'repos/root1/ops/pulls', body)) as { number: number };
    const opened = await run('git-open-pr', { sourceBranch: 'three', targetBranch: 'main' });
    assert.equal(numberOf(opened), made.number);
  });

  it('is Skipped with all that follows when nothing differs', async () => {
    await gitea.call('POST', 'repos/root1/ops/branches', {
      new_branch_name: 'same',
      old_branch_name: 'main',
    });
    const opened = await run('git-open-pr', { sourceBranch: 'same', targetBranch: 'main' });
    assert.equal(opened.status, 'Skipped');
    const head = (await gitea.call('GET', 'repos/root1/ops/branches/main')) as { commit: { id: string } };
    for (const kind of ['git-wait-for-pr', 'git-merge-pr']) {
      for (const config of [
        { prNumber: number },
        { prNumber: "${{ outputs['git-open-pr'].pr.id }}" },
        { prNumberFromStep: 'git-open-pr' },
      ]) {
        const { status, output } = await run(kind, config);
        assert.deepEqual([status, output], ['Skipped', { commit: head.commit.id }]);
        delete outputs[kind];
      }
    }
  });

  it('opens a request onto a branch that it begins', async () => {
    await commit('four', 'v4');
    const opened = await run('git-open-pr', {
      sourceBranch: 'four',
      targetBranch: 'stage/new',
      createTargetBranch: true,
    });
    assert.match(commitOf(await mergeWhenReady(numberOf(opened))), /^[0-9a-f]{40}$/);
    await gitea.call('GET', 'repos/root1/ops/contents/four.txt?ref=stage/new');
  });

  it('ends as Failed when somebody closed it', async () => {
    await commit('five', 'v5');
    const opened = await run('git-open-pr', { sourceBranch: 'five', targetBranch: 'main' });
    await gitea.call('PATCH', `repos/root1/ops/pulls/${numberOf(opened)}`, { state: 'closed' });
    const failure = await ending('wait-for-pr', { prNumber: number });
    assert.deepEqual([failure.type, failure.nonRetryable], ['StepFailed', true]);
    const { output } = failure.details![0] as StepFailure;
    const pr = output?.['pr'];
    assert.ok(isObject(pr));
    assert.equal(pr['merged'], false);
  });

  it('asks for the events of a request that somebody else opened, once', async () => {
    await commit('six', 'v6');
    const body = { head: 'six', base: 'main', title: 'by hand' };
    const made = (await gitea.call('POST', 'repos/root1/ops/pulls', body)) as { number: number };
    await ending('git-wait-for-pr', { prNumber: made.number });
    const key = `${repoURL.slice('http://'.length, -'.git'.length)}#${made.number}`;
    assert.deepEqual(signals, [['pullRequest', { watch: key }]]);
    const details = { looks: 1, errors: 0, consecutive: 0, recent: [] };
    await run('git-wait-for-pr', { prNumber: made.number }, { details }).catch(() => undefined);
    assert.equal(signals.length, 1);
  });

  it('says what is wrong with a number or a branch that is not there', async () => {
    assert.match((await ending('git-wait-for-pr', { prNumber: 999 })).message, /#999 of .* does not exist/);
    assert.match((await ending('git-merge-pr', { prNumber: 999 })).message, /999/);
    const missing = await ending('git-open-pr', { sourceBranch: 'nope', targetBranch: 'main' });
    assert.match(missing.message, /source branch "nope" does not exist/);
  });

  it('shows at a commit how the promotion goes; what cannot be shown is a warning', async () => {
    const head = (await gitea.call('GET', 'repos/root1/ops/branches/main')) as { commit: { id: string } };
    const sha = head.commit.id;
    const mark = createMarkCommits(around, scripted);
    const identity = { ...emptyRun('x').scope.identity, uiBaseUrl: 'https://ui.example' };
    const commits = [
      { repoURL: 'https://nobody.example/a/b', sha },
      { repoURL, sha, provider: 'gitea' },
    ];
    for (const state of ['pending', 'success'] as const) {
      await mark({ identity, commits, state, description: `it is ${state}` });
    }
    const { statuses } = (await gitea.call('GET', `repos/root1/ops/commits/${sha}/status`)) as {
      statuses: { context: string; status: string; target_url: string }[];
    };
    const [status] = statuses;
    assert.deepEqual(
      [status?.context, status?.status, status?.target_url],
      ['gantry/demo/test', 'success', 'https://ui.example/project/demo/stage/test'],
    );
    assert.ok(logged.some((line) => /^warn A commit status cannot be written.*nobody\.example/.test(line)));
  });

  it('leaves nothing behind, and tells no token', async () => {
    const scratch = join(root, '.scratch');
    const left = async () => (existsSync(scratch) ? await readdir(scratch) : []);
    for (let looks = 100; looks > 0 && (await left()).length > 0; looks -= 1) await sleep(20);
    assert.deepEqual(await left(), []);
    assert.ok(!logged.join('\n').includes(gitea.token));
  });
});

function readsOf(
  outputs: Readonly<Record<string, JsonObject>>,
  key: string,
): { alias: string; value: Json }[] {
  return Object.entries(outputs).flatMap(([alias, output]) =>
    isObject(output) && output[key] !== undefined ? [{ alias, value: output[key] }] : [],
  );
}

function scripted(): Attempt {
  return {
    id: 'run/1/1',
    number: 1,
    details: undefined,
    signal: new AbortController().signal,
    heartbeat: () => undefined,
  };
}

function emptyRun(alias: string): StepRun {
  const none = { name: 'f', alias: 'f', commits: [], images: [], charts: [], artifacts: [] };
  return {
    index: 0,
    uses: alias,
    config: {},
    scope: {
      identity: {
        name: 'test.01h.abc1234',
        project: 'demo',
        stage: 'test',
        workflowId: 'w',
        firstRunId: 'r',
        startedAt: '2026-01-01T00:00:00Z',
      },
      alias,
      promotionVars: [],
      stepVars: [],
      outputs: {},
      records: [],
      startedAt: '2026-01-01T00:00:00Z',
      freight: { target: none, collection: [none], origins: [], warehouses: [] },
    },
    retry: { errorThreshold: 1, backoff: { initial: 1000, factor: 2, max: 60_000 } },
    reads: {},
  };
}
