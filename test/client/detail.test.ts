import assert from 'node:assert/strict';
import { drawDetail } from '../../src/client/present/detail.ts';
import type { Paint } from '../../src/client/present/paint.ts';
import type { SeenStatus } from '../../src/client/pending.ts';
import type { PromotionRow } from '../../src/client/promotion-row.ts';

const plain: Paint = (_ink, text) => text;
const at = (second: number): string => `2026-01-01T00:00:0${second}.000Z`;
const now = Date.parse(at(9));
const row: PromotionRow = {
  workflowId: 'nightly',
  runId: 'r',
  phase: 'Running',
  startedAt: at(0),
};
const status: SeenStatus = {
  name: 'test.01j.f5f87aa',
  project: 'demo',
  stage: 'test',
  phase: 'Running',
  actor: 'alice',
  freight: {
    name: 'f5f87aa23c9e',
    alias: 'amber-otter',
    origin: { kind: 'Warehouse', name: 'app' },
    commits: [],
    images: [],
    charts: [],
    artifacts: [],
  },
  currentStep: 1,
  stepExecutionMetadata: [
    {
      alias: 'open',
      continueOnError: false,
      status: 'Succeeded',
      errorCount: 0,
      startedAt: at(0),
      finishedAt: at(1),
    },
    {
      alias: 'push',
      continueOnError: false,
      status: 'Failed',
      message: 'no key\u001b[2J',
      errorCount: 1,
      startedAt: at(1),
      retriedAt: at(3),
      finishedAt: at(5),
      earlier: [{ status: 'Failed', message: 'revoked\nfor good', finishedAt: at(2) }],
      journal: { looks: 2, errors: 1, consecutive: 1, recent: [{ at: at(4), message: 'refused' }] },
    },
  ],
  state: { open: { pr: { id: 7, url: 'https://git.example/pr/7' } }, push: null },
  healthChecks: [],
  commits: [
    { step: 'open', repoURL: 'https://git.example/r', branch: 'stage/test', sha: '0123456789abcdef' },
  ],
  definitions: { source: './pipelines', revision: 'e013933cbeaa99' },
  steps: [
    { alias: 'open', uses: 'git-open-pr' },
    { alias: 'push', uses: 'git-push' },
    { alias: 'wait', uses: 'git-wait-for-pr' },
  ],
  waitingFor: { kind: 'decision', step: 'push', since: at(5), options: ['retry', 'abort'] },
  decisions: [
    { at: at(3), kind: 'retry', actor: 'bob', reason: 'key is back', step: 'push' },
    { at: at(4), kind: 'pause', actor: 'bob' },
  ],
};

describe('the detail of a promotion', () => {
  it('shows facts, steps, attempts, links, decisions and how to answer', () => {
    const url = 'http://ui/nightly';
    const answers = ['gantry retry nightly --reason TEXT'];
    assert.equal(
      drawDetail({ row, status }, { paint: plain, now, url, answers }),
      `Promotion    nightly
Name         test.01j.f5f87aa
Project      demo
Stage        test
Freight      amber-otter (f5f87aa)
Phase        Running
Actor        alice
Started      2026-01-01T00:00:00.000Z
Definitions  ./pipelines at e013933cbeaa
Web UI       http://ui/nightly

Steps
  ✓ open  git-open-pr      1s
      stage/test 0123456789ab https://git.example/r
  ✗ push  git-push         2s  Failed
      no key
  · wait  git-wait-for-pr

Attempts
  push: 2 looks, 1 error
    2026-01-01T00:00:02.000Z  Failed: revoked
        for good
    2026-01-01T00:00:04.000Z  refused

Links
  open  https://git.example/pr/7

Decisions
  2026-01-01T00:00:03.000Z  bob runs push again: key is back
  2026-01-01T00:00:04.000Z  bob pauses the promotion

held at push: decide to retry, abort, since 2026-01-01T00:00:05.000Z
  gantry retry nightly --reason TEXT
`,
    );
  });

  it('tells what is known without a worker, and why it is no more', () => {
    const over: PromotionRow = { ...row, phase: 'Terminated', finishedAt: at(3) };
    assert.equal(
      drawDetail({ row: over, note: 'The promotion was terminated: by hand.' }, { paint: plain, now }),
      `Promotion    nightly
Phase        Terminated
Started      2026-01-01T00:00:00.000Z
Ended        2026-01-01T00:00:03.000Z, took 3s

The promotion was terminated: by hand.
`,
    );
  });

  it('says how a promotion closed, whatever it said last', () => {
    const over: PromotionRow = { ...row, phase: 'Terminated' };
    assert.match(drawDetail({ row: over, status }, { paint: plain, now }), /^Phase {8}Terminated$/m);
  });
});
