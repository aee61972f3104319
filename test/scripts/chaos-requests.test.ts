import assert from 'node:assert/strict';
import type { End } from '../../scripts/chaos/drive.ts';
import type { HostRequest } from '../../scripts/chaos/git-host.ts';
import { findRequestEvidence } from '../../scripts/chaos/request-evidence.ts';

const merged: HostRequest = {
  number: 3,
  title: 'Promote p0001',
  state: 'closed',
  merged: true,
  merge_commit_sha: 'abc',
  base: { ref: 'env/requests' },
};
const open: HostRequest = { ...merged, state: 'open', merged: false, merge_commit_sha: null };

const wentOn: End & { readonly title: string } = {
  title: 'Promote p0001',
  workflowId: 'promotion/remotes/p0001/p0001',
  phase: 'Succeeded',
  message: '',
  outputs: { open: { prNumber: 3 }, wait: { commit: 'abc' } },
};

describe('the evidence of a chaos run about pull requests', () => {
  const cases: readonly {
    readonly name: string;
    readonly requests: readonly HostRequest[];
    readonly end?: Partial<End>;
    readonly duplicates?: readonly string[];
    readonly lost?: readonly string[];
  }[] = [
    { name: 'is empty when every promotion went on after its one merge', requests: [merged] },
    {
      name: 'has a second open request',
      requests: [merged, { ...open, number: 4 }],
      duplicates: ['#4 "Promote p0001"'],
    },
    {
      name: 'has a second merged request, which the promotion did not wait for',
      requests: [merged, { ...merged, number: 4 }],
      duplicates: ['#4 "Promote p0001"'],
      lost: ['#4 "Promote p0001": its promotion waited for #3'],
    },
    {
      name: 'has a merge whose promotion is stuck',
      requests: [merged],
      end: { phase: 'stuck' },
      lost: ['#3 "Promote p0001": its promotion ended as stuck'],
    },
    {
      name: 'has a merge whose promotion goes on with another commit',
      requests: [merged],
      end: { outputs: { open: { prNumber: 3 }, wait: { commit: 'def' } } },
      lost: ['#3 "Promote p0001": its promotion was told of "def"'],
    },
    {
      name: 'has a promotion that went on before the merge',
      requests: [open],
      lost: ['"Promote p0001": it went on and nothing was merged'],
    },
    {
      name: 'has a request of nobody',
      requests: [merged, { ...merged, number: 5, title: 'Else' }],
      lost: ['#5 "Else": nobody asked for it'],
    },
    {
      name: 'has nothing about a stuck promotion without a merge',
      requests: [open],
      end: { phase: 'stuck' },
    },
  ];

  for (const { name, requests, end = {}, duplicates = [], lost = [] } of cases) {
    it(name, () => {
      const found = findRequestEvidence(requests, [{ ...wentOn, ...end }]);
      assert.deepEqual(found, { duplicateRequests: duplicates, lostMerges: lost });
    });
  }
});
