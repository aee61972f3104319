import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  createClaim,
  createClaimHere,
  createReclaim,
} from '../../../src/activities/workspace/claim-workspace.ts';
import { createRelease, createReleaseHere } from '../../../src/activities/workspace/release-workspace.ts';
import { openWorkspaces } from '../../../src/activities/workspace/open-workspaces.ts';
import type { Workspaces } from '../../../src/activities/workspace/workspaces.ts';

describe('claim-workspace', () => {
  const tools = { git: '2.39.5' };
  let root: string;
  let workspaces: Workspaces;

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), 'gantry-claim-'));
    workspaces = await openWorkspaces(root, 1);
  });

  afterEach(async () => {
    await workspaces.close();
    await rm(root, { recursive: true });
  });

  const callOf = (name: string, generation = 1) => ({ workflowId: name, firstRunId: 'run', generation });
  const currentRun = () => 'run';

  it('answers which disk it is, what it holds, and with which tools', async () => {
    const claim = createClaim(workspaces, tools, currentRun);
    const answer = { uid: workspaces.uid, generation: 1, holds: [], tools };
    assert.deepEqual(await claim(callOf('a')), answer);
    assert.deepEqual(await claim(callOf('a')), answer, 'the same again');
  });

  it('ends a stale claim for good', async () => {
    const claim = createClaim(workspaces, tools, currentRun);
    await claim(callOf('a', 2));
    await assert.rejects(claim(callOf('a', 1)), { type: 'WorkspaceLost', nonRetryable: true });
  });

  it('refuses on the own queue what is beyond twice the capacity, but never who has a folder', async () => {
    const reclaim = createReclaim(workspaces, tools, currentRun);
    await reclaim(callOf('a'));
    await reclaim(callOf('b'));
    await assert.rejects(reclaim(callOf('c')), { type: 'NoRoom', nonRetryable: true });
    await reclaim(callOf('b', 2));
    await createRelease(workspaces)({ ...callOf('a'), remove: false });
    await reclaim(callOf('c'));
  });

  describe('within a workflow task', () => {
    const notHere = { type: 'NotHere', nonRetryable: true };

    it('lends a folder while there is room for another, without taking that of claims on their way', async () => {
      workspaces = await reopen(3);
      const claim = createClaimHere(workspaces, tools, undefined, currentRun);
      const { signal } = new AbortController();
      await workspaces.leases.reserve(signal);
      const answer = { uid: workspaces.uid, generation: 1, holds: [], tools };
      assert.deepEqual(await claim(callOf('a')), answer);
      await claim(callOf('b'));
      await assert.rejects(claim(callOf('c')), notHere);
      workspaces.leases.unreserve();
      await claim(callOf('c'));
    });

    it('lends the folder it had to a promotion whose disk this is, and no other', async () => {
      const claim = createClaimHere(workspaces, tools, undefined, currentRun);
      const release = createReleaseHere(workspaces);
      const { uid } = workspaces;
      await claim({ ...callOf('a'), uid });
      await claim({ ...callOf('b'), uid });
      await assert.rejects(claim({ ...callOf('c'), uid }), { type: 'NoRoom', nonRetryable: true });
      await assert.rejects(claim({ ...callOf('a', 2), uid: 'other' }), notHere);
      await assert.rejects(release({ ...callOf('a'), uid: 'other', remove: true }), notHere);
      assert.equal(workspaces.leases.count, 2);
      await release({ ...callOf('a'), uid, remove: true });
      assert.equal(workspaces.leases.count, 1);
    });

    it('lends nothing on a worker that ends', async () => {
      const leaving = new AbortController();
      const claim = createClaimHere(workspaces, tools, leaving.signal, currentRun);
      const { uid } = workspaces;
      workspaces.leases.close();
      await assert.rejects(claim(callOf('a')), notHere, 'it takes nobody new');
      await claim({ ...callOf('b'), uid });
      leaving.abort();
      await assert.rejects(claim({ ...callOf('b', 2), uid }), notHere, 'nor anybody back');
    });

    async function reopen(capacity: number): Promise<Workspaces> {
      await workspaces.close();
      return openWorkspaces(root, capacity);
    }
  });
});
