import assert from 'node:assert/strict';
import type { PromotionEvent } from '../../src/client/events.ts';
import { formatJsonLine } from '../../src/client/present/json-lines.ts';
import { formatLine } from '../../src/client/present/lines.ts';
import { createPaint } from '../../src/client/present/paint.ts';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';

const status: PromotionStatus = {
  name: '01j',
  project: 'demo',
  stage: 'test',
  phase: 'Failed',
  message: 'step "build" failed: no kustomization',
  startedAt: '2026-01-01T00:00:00Z',
  finishedAt: '2026-01-01T00:00:03Z',
  currentStep: 1,
  stepExecutionMetadata: [],
  healthChecks: [],
  commits: [],
};
const freight = {
  name: 'f5f87aa23c9e97f43eb83dd63768ee41f5ba3766',
  alias: 'amber-otter',
  commits: [],
  images: [],
  charts: [],
  artifacts: [],
};
/** Of a promotion that brings its own steps. */
const none = { source: 'none', revision: '' };
const definitions = { source: './pipelines', revision: '0123456789abcdef' };
const commit = { step: 'push', repoURL: 'file:///r', branch: 'stage/test', sha: '0123456789abcdef' };
const since = '2026-01-01T00:00:00Z';

/** Every event, as a line and as JSON. */
const cases: readonly [PromotionEvent, string, object][] = [
  [
    { kind: 'started', workflowId: 'promotion/demo/test/01j', runId: 'r' },
    'started  promotion/demo/test/01j',
    { event: 'started', workflowId: 'promotion/demo/test/01j', runId: 'r' },
  ],
  [
    { kind: 'planned', stage: 'test', freight, definitions },
    'planned  amber-otter (f5f87aa) to test, definitions ./pipelines at 0123456789ab',
    { event: 'planned', stage: 'test', freight, definitions },
  ],
  [
    { kind: 'planned', stage: 'test', freight, definitions: none },
    'planned  amber-otter (f5f87aa) to test, definitions none',
    { event: 'planned', stage: 'test', freight, definitions: none },
  ],
  [{ kind: 'step-started', step: 'build' }, '  · build', { event: 'step-started', step: 'build' }],
  [
    { kind: 'step-trouble', step: 'push', errors: 2, message: 'no route\nto host' },
    '  ! push: error 2, trying again: no route\n      to host',
    { event: 'step-trouble', step: 'push', errors: 2, message: 'no route\nto host' },
  ],
  [
    { kind: 'step-finished', step: 'build', status: 'Succeeded', duration: 1500, message: 'quiet' },
    '  ✓ build 1.5s',
    { event: 'step-finished', step: 'build', status: 'Succeeded', duration: 1500, message: 'quiet' },
  ],
  [
    { kind: 'step-finished', step: 'build', status: 'Failed', message: 'no kustomization' },
    '  ✗ build: Failed: no kustomization',
    { event: 'step-finished', step: 'build', status: 'Failed', message: 'no kustomization' },
  ],
  [
    { kind: 'step-finished', step: 'commit', status: 'Skipped' },
    '  - commit: Skipped',
    { event: 'step-finished', step: 'commit', status: 'Skipped' },
  ],
  [
    { kind: 'commit-pushed', commit },
    '    stage/test 0123456789ab file:///r',
    { event: 'commit-pushed', ...commit },
  ],
  [
    { kind: 'waiting', waitingFor: { kind: 'turn', since } },
    '  … waits for its turn: another promotion of this Stage is under way',
    { event: 'waiting', waitingFor: { kind: 'turn', since } },
  ],
  [
    { kind: 'waiting', waitingFor: { kind: 'step', step: 'wait', since } },
    '  … wait waits',
    { event: 'waiting', waitingFor: { kind: 'step', step: 'wait', since } },
  ],
  [
    { kind: 'held', step: 'push', since, options: ['retry', 'abort'] },
    '  … held at push: decide to retry, abort',
    { event: 'held', step: 'push', since, options: ['retry', 'abort'] },
  ],
  [
    { kind: 'held', step: 'push', since, options: ['retry'], answers: ['gantry retry x --reason TEXT'] },
    '  … held at push: decide to retry\n      gantry retry x --reason TEXT',
    { event: 'held', step: 'push', since, options: ['retry'], answers: ['gantry retry x --reason TEXT'] },
  ],
  [
    { kind: 'decided', decision: 'retry', step: 'push', actor: 'bob', reason: 'key is back', at: since },
    '  bob runs push again: key is back',
    { event: 'decided', decision: 'retry', step: 'push', actor: 'bob', reason: 'key is back', at: since },
  ],
  [
    { kind: 'decided', decision: 'abort', actor: 'bob', at: since },
    '  bob aborts the promotion',
    { event: 'decided', decision: 'abort', actor: 'bob', at: since },
  ],
  [
    { kind: 'paused', actor: 'bob\u001b[2J', at: since },
    '  bob pauses the promotion',
    { event: 'paused', actor: 'bob\u001b[2J', at: since },
  ],
  [
    { kind: 'resumed', actor: 'bob', reason: 'freeze is over', at: since },
    '  bob lets the promotion go on: freeze is over',
    { event: 'resumed', actor: 'bob', reason: 'freeze is over', at: since },
  ],
  [
    { kind: 'waiting', waitingFor: { kind: 'resume', since, actor: 'bob', reason: 'freeze' } },
    '  … paused by bob: freeze',
    { event: 'waiting', waitingFor: { kind: 'resume', since, actor: 'bob', reason: 'freeze' } },
  ],
  [
    { kind: 'step-waiting', step: 'wait', message: 'not merged yet' },
    '  … wait: not merged yet',
    { event: 'step-waiting', step: 'wait', message: 'not merged yet' },
  ],
  [{ kind: 'worker-found' }, '  a worker answers', { event: 'worker-found' }],
  [
    { kind: 'worker-missing' },
    '  … no worker answers: start one with `gantry worker` or `gantry dev`',
    { event: 'worker-missing' },
  ],
  [
    { kind: 'connection-lost', message: 'refused' },
    '  ! lost the connection to Temporal, trying again: refused',
    { event: 'connection-lost', message: 'refused' },
  ],
  [{ kind: 'connection-restored' }, '  connected again', { event: 'connection-restored' }],
  [
    { kind: 'finished', status },
    'Failed in 3s: step "build" failed: no kustomization',
    { event: 'finished', name: '01j', phase: 'Failed', message: status.message },
  ],
  [
    { kind: 'finished', status: { ...status, phase: 'Succeeded' } },
    'Succeeded in 3s',
    { event: 'finished', name: '01j', phase: 'Succeeded', message: status.message },
  ],
  [{ kind: 'refused', message: 'Invalid' }, 'Invalid', { event: 'refused', message: 'Invalid' }],
  [{ kind: 'lost', message: 'terminated' }, 'terminated', { event: 'lost', message: 'terminated' }],
];

describe('presenters', () => {
  const plain = createPaint({ isTTY: false }, {});

  it('have nothing to say in words when a wait is over', () => {
    const event = { kind: 'waiting-over', waitingFor: { kind: 'turn', since } } as const;
    assert.equal(formatLine(event, plain), undefined);
    assert.deepEqual(JSON.parse(formatJsonLine(event)), {
      event: 'waiting-over',
      waitingFor: event.waitingFor,
    });
  });

  for (const [event, line, json] of cases) {
    it(`show ${event.kind}: ${line}`, () => {
      assert.equal(formatLine(event, plain), line);
      assert.deepEqual(JSON.parse(formatJsonLine(event)), json);
    });
  }
});

describe('what others wrote', () => {
  const plain = createPaint({ isTTY: false }, {});

  it('cannot move the cursor or colour the terminal', () => {
    const message = 'remote: \u001b[31mred\u001b[2J\u0007\rover';
    const line = formatLine({ kind: 'lost', message }, plain);
    assert.equal(line, 'remote: red??over');
  });
});

describe('paint', () => {
  const cases: readonly [string, { isTTY?: boolean }, NodeJS.ProcessEnv, string][] = [
    ['colours on a terminal', { isTTY: true }, {}, '\u001b[32mx\u001b[39m'],
    ['nothing in a pipe', {}, {}, 'x'],
    ['nothing with NO_COLOR', { isTTY: true }, { NO_COLOR: '1' }, 'x'],
    ['nothing on a dumb terminal', { isTTY: true }, { TERM: 'dumb' }, 'x'],
  ];
  for (const [title, stream, env, expected] of cases) {
    it(title, () => assert.equal(createPaint(stream, env)('green', 'x'), expected));
  }
});
