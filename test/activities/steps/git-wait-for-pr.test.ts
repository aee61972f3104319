import assert from 'node:assert/strict';
import { join } from 'node:path';
import { gitWaitForPr } from '../../../src/activities/steps/git-wait-for-pr.ts';
import { NotYet, TerminalError } from '../../../src/core/errors.ts';
import type { Json, JsonObject } from '../../../src/core/json.ts';
import { HostBusy } from '../../../src/providers/git-hosts/git-host.ts';
import { createTestRepository, type TestRepository } from '../../support/git-repository.ts';
import { MemoryHost } from '../../support/memory-host.ts';
import { createStepRig, type StepRig, type StepWorldOptions } from '../../support/step-world.ts';

describe('git-wait-for-pr', () => {
  let rig: StepRig;
  let host: MemoryHost;
  const project = () => `p${(projects += 1)}`;

  beforeEach(() => {
    rig = createStepRig();
    host = new MemoryHost();
  });
  afterEach(() => rig.remove());

  // Looks are shared within a process: each test is a project of its own.
  const wait = (config: JsonObject = {}, options: StepWorldOptions = {}) =>
    rig.run(
      gitWaitForPr,
      { repoURL: 'https://github.com/acme/ops.git', prNumber: 7, ...config },
      {
        gitHosts: host,
        promotion: { name: 'test.01h.abc1234', project: project(), stage: 'test' },
        ...options,
      },
    );
  const waiting = async (config?: JsonObject, options?: StepWorldOptions): Promise<NotYet> => {
    const error = await wait(config, options).then(
      () => assert.fail('it did not wait'),
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof NotYet, String(error));
    return error;
  };
  const url = 'https://github.com/acme/ops/pull/7';
  const pr = (open: boolean, merged: boolean) => ({ id: 7, url, open, merged });

  for (const [what, change, message] of [
    ['open', {}, 'pull request #7 of github.com/acme/ops is open'],
    ['a draft', { isDraft: true }, 'pull request #7 of github.com/acme/ops is open, as a draft'],
    ['in a merge queue', { isQueued: true }, /is open, and waits to be merged by its host/],
    ['open onto another branch than before', { target: 'release' }, /is open/],
    ['open with other commits than before', { headCommit: 'f'.repeat(40) }, /is open/],
  ] as const) {
    it(`waits while it is ${what}`, async () => {
      host.add(change);
      const error = await waiting();
      if (typeof message === 'string') assert.equal(error.message, message);
      else assert.match(error.message, message);
      assert.deepEqual([error.retryIn, error.output], [30_000, { pr: pr(true, false) }]);
    });
  }

  it('goes on once it is merged', async () => {
    host.add({ state: 'merged', mergeCommit: 'feedface' });
    assert.deepEqual((await wait()).output, { pr: pr(false, true), commit: 'feedface' });
  });

  it('fails at once when it was closed, with what is known of it', async () => {
    host.add({ state: 'closed' });
    await assert.rejects(wait(), (error) => {
      assert.ok(error instanceof TerminalError);
      assert.equal(error.message, 'pull request #7 of github.com/acme/ops was closed without being merged');
      assert.deepEqual([error.status, error.output], ['Failed', { pr: pr(false, false) }]);
      return true;
    });
  });

  it('waits again for one that was reopened', async () => {
    host.add({ state: 'closed' });
    await assert.rejects(wait(), /was closed/);
    host.change(7, { state: 'open' });
    await waiting();
  });

  it('can be told when to look next', async () => {
    host.add();
    assert.equal((await waiting({ pollInterval: '5m' })).retryIn, 300_000);
  });

  it('says where there is no such request', async () => {
    await assert.rejects(
      wait(),
      /^Error: pull request #7 of github\.com\/acme\/ops does not exist; check prNumber/,
    );
  });

  it('takes a host that wants to be left alone for no error', async () => {
    host.before = () => {
      throw new HostBusy('github.com/acme/ops: the limit of requests is reached', 90_000);
    };
    const error = await waiting();
    assert.deepEqual(
      [error.retryIn, error.message],
      [90_000, 'github.com/acme/ops: the limit of requests is reached'],
    );
  });

  it('counts other errors of the host', async () => {
    host.before = () => {
      throw new Error('502');
    };
    await assert.rejects(wait(), (error) => !(error instanceof NotYet) && /502/.test(String(error)));
  });

  it('looks at once when somebody rang, and at what it knows when its time has come', async () => {
    host.add();
    const options = { promotion: { name: 'x', project: project(), stage: 'test' } };
    await waiting({}, options);
    host.change(7, { state: 'merged', mergeCommit: 'feedface' });
    await waiting({}, { ...options, again: true });
    assert.equal((await wait({}, { ...options, again: false })).output?.['commit'], 'feedface');
  });

  describe('where the host names no commit', () => {
    let origin: TestRepository;
    beforeEach(() => {
      origin = createTestRepository(join(rig.folder, 'origin'), {
        commits: [
          { id: 'c1', branch: 'main', files: { a: '1\n' }, message: 'one' },
          { id: 'c2', branch: 'main', files: { a: '2\n' }, message: 'promoted' },
          { id: 'c3', branch: 'main', files: { a: '3\n' }, message: 'on top' },
        ],
      });
    });
    const merged = (headCommit: string) => {
      host.add({ state: 'merged', headCommit });
      return wait({ repoURL: origin.url });
    };

    it('gives the head of the target branch', async () => {
      const { output } = await merged(origin.commits.get('c2')!);
      assert.equal(output?.['commit'], origin.commits.get('c3'));
    });

    it('says so when that branch is gone', async () => {
      host.add({ state: 'merged', target: 'gone' });
      await assert.rejects(
        wait({ repoURL: origin.url }),
        /does not tell the commit.*target branch gone is gone/,
      );
    });
  });

  describe('the number', () => {
    const reads = (outputs: Readonly<Record<string, JsonObject>>): StepWorldOptions['reads'] =>
      Object.fromEntries(
        ['prNumber', 'pr', 'commit'].map((key) => [
          key,
          Object.entries(outputs).flatMap(([alias, output]) =>
            output[key] === undefined ? [] : [{ alias, value: output[key] }],
          ),
        ]),
      );
    const opened = { prNumber: 7, pr: { id: 7, url } };
    const skipped = { prNumber: null, pr: { id: null, url: null }, commit: 'cafe' };

    for (const [what, config] of [
      ['a number', { prNumber: 7 }],
      ['a text of digits', { prNumber: '7' }],
      ['a step that opened one', { prNumber: undefined, prNumberFromStep: 'open-pr' }],
    ] as const) {
      it(`may be ${what}`, async () => {
        host.add();
        const { prNumber, ...rest } = config as { prNumber?: Json };
        const named = prNumber === undefined ? rest : { ...rest, prNumber };
        const run = rig.run(
          gitWaitForPr,
          { repoURL: 'https://github.com/acme/ops', ...named },
          { gitHosts: host, reads: reads({ 'open-pr': opened })! },
        );
        await assert.rejects(run, (error) => error instanceof NotYet && /#7 /.test(error.message));
      });
    }

    for (const prNumber of [0, -1, 7.5, '', 'seven', '0', true]) {
      it(`is not ${JSON.stringify(prNumber)}`, async () => {
        await assert.rejects(wait({ prNumber }), /prNumber: must be the number of a pull request/);
      });
    }

    for (const [what, config] of [
      ['its number', { prNumber: null }],
      ['its step', { prNumberFromStep: 'open-pr' }],
    ] as const) {
      it(`of a request that there was no need to open makes it Skipped: by ${what}`, async () => {
        const { status, output } = await rig.run(
          gitWaitForPr,
          { repoURL: 'https://github.com/acme/ops', ...config },
          { gitHosts: host, reads: reads({ commit: { commit: 'other' }, 'open-pr': skipped })! },
        );
        assert.deepEqual([status, output], ['Skipped', { commit: 'cafe' }]);
        assert.deepEqual(host.calls, []);
      });
    }

    it('that is nothing without reason is a mistake', async () => {
      await assert.rejects(wait({ prNumber: null }), (error) => {
        assert.ok(error instanceof TerminalError);
        assert.match(error.message, /prNumber: is empty/);
        return true;
      });
    });

    it('of a step that opened none is a mistake', async () => {
      const run = rig.run(
        gitWaitForPr,
        { repoURL: 'https://github.com/acme/ops', prNumberFromStep: 'push' },
        { gitHosts: host },
      );
      await assert.rejects(run, /prNumberFromStep: step "push" has no output prNumber/);
    });

    it('of a request that this promotion did not open has its events led here', async () => {
      host.add();
      const watched: string[] = [];
      const watchPullRequest = async (key: string) => void watched.push(key);
      await waiting({}, { watchPullRequest, reads: reads({ 'open-pr': opened })! });
      assert.deepEqual(watched, []);
      await waiting({}, { watchPullRequest });
      assert.deepEqual(watched, ['github.com/acme/ops#7']);
    });
  });
});

let projects = 0;
