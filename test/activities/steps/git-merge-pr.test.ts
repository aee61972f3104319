import assert from 'node:assert/strict';
import { join } from 'node:path';
import { gitMergePr } from '../../../src/activities/steps/git-merge-pr.ts';
import { NotYet, TerminalError } from '../../../src/core/errors.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { HostBusy } from '../../../src/providers/git-hosts/git-host.ts';
import { createTestRepository } from '../../support/git-repository.ts';
import { MemoryHost } from '../../support/memory-host.ts';
import { createStepRig, type StepRig } from '../../support/step-world.ts';

describe('git-merge-pr', () => {
  let rig: StepRig;
  let host: MemoryHost;
  beforeEach(() => {
    rig = createStepRig();
    host = new MemoryHost();
    host.add();
  });
  afterEach(() => rig.remove());

  const merge = (config: JsonObject = {}) =>
    rig.run(
      gitMergePr,
      { repoURL: 'https://github.com/acme/ops', prNumber: 7, ...config },
      { gitHosts: host },
    );
  const ending = async (config?: JsonObject): Promise<Error> =>
    merge(config).then(
      () => assert.fail('it merged'),
      (error: unknown) => error as Error,
    );

  it('merges, and names the commit', async () => {
    assert.deepEqual((await merge()).output, { commit: 'feedface' });
    assert.deepEqual(host.calls, ['merge 7']);
  });

  it('merges as it is told', async () => {
    await merge({ mergeMethod: 'squash' });
    assert.deepEqual(host.calls, ['merge 7 squash']);
  });

  it('refuses a method that the host does not know, and names those it knows', async () => {
    const error = await ending({ mergeMethod: 'bogus' });
    assert.ok(error instanceof TerminalError);
    assert.equal(error.message, 'mergeMethod: "bogus" is none of github; write merge, squash or rebase');
    assert.deepEqual(host.calls, []);
  });

  it('waits while it is not ready, when it may', async () => {
    host.mergeEnd = { kind: 'waiting', reason: 'checks are under way' };
    const error = await ending({ wait: true, pollInterval: '1m' });
    assert.ok(error instanceof NotYet);
    const said = 'pull request #7 of github.com/acme/ops is not ready to be merged: checks are under way';
    assert.deepEqual([error.message, error.retryIn], [said, 60_000]);
    assert.equal(((await ending({ wait: true })) as NotYet).retryIn, 10_000);
  });

  it('fails while it is not ready, when it may not wait', async () => {
    host.mergeEnd = { kind: 'waiting', reason: 'checks are under way' };
    const error = await ending();
    assert.ok(error instanceof TerminalError);
    assert.match(error.message, /is not ready to be merged: checks are under way; set wait: true/);
  });

  for (const wait of [true, false]) {
    it(`fails at once when the host refuses, ${wait ? 'also' : 'not'} waiting`, async () => {
      host.mergeEnd = { kind: 'refused', reason: 'it has conflicts' };
      const error = await ending({ wait });
      assert.ok(error instanceof TerminalError);
      assert.equal(
        error.message,
        'pull request #7 of github.com/acme/ops cannot be merged: it has conflicts',
      );
    });
  }

  it('leaves errors of the network to be tried again', async () => {
    host.before = () => {
      throw new Error('socket hang up');
    };
    const error = await ending({ wait: true });
    assert.ok(!(error instanceof TerminalError) && !(error instanceof NotYet));
  });

  it('waits for a host that wants to be left alone, when it may', async () => {
    host.before = () => {
      throw new HostBusy('busy', 90_000);
    };
    const error = await ending({ wait: true });
    assert.ok(error instanceof NotYet);
    assert.equal(error.retryIn, 90_000);
    assert.ok((await ending()) instanceof HostBusy);
  });

  it('finds the commit where the host does not name it', async () => {
    host.mergeEnd = { kind: 'merged' };
    const origin = createTestRepository(join(rig.folder, 'origin'), {
      commits: [{ id: 'c1', branch: 'main', files: { a: '1\n' }, message: 'one' }],
    });
    host.change(7, { state: 'merged', headCommit: origin.commits.get('c1')! });
    assert.deepEqual((await merge({ repoURL: origin.url })).output, { commit: origin.commits.get('c1') });
    host.change(7, { mergeCommit: 'beef' });
    assert.deepEqual((await merge({ repoURL: origin.url })).output, { commit: 'beef' });
  });

  it('is Skipped where there was nothing to open', async () => {
    const reads = {
      prNumber: [{ alias: 'open-pr', value: null }],
      commit: [{ alias: 'open-pr', value: 'cafe' }],
    };
    const config = { repoURL: 'https://github.com/acme/ops', prNumber: null };
    const { status, output } = await rig.run(gitMergePr, config, { gitHosts: host, reads });
    assert.deepEqual([status, output], ['Skipped', { commit: 'cafe' }]);
  });
});
