import assert from 'node:assert/strict';
import { ServiceError } from '@temporalio/client';
import { follow } from '../../src/client/follow.ts';
import type { FinalEvent, PromotionEvent } from '../../src/client/events.ts';
import type { Promotions } from '../../src/client/promotions.ts';
import type { PromotionStatus } from '../../src/core/promotion/status.ts';

const ref = { workflowId: 'promotion/demo/test/p' };
const pending: PromotionStatus = {
  name: 'p',
  project: 'demo',
  stage: 'test',
  phase: 'Pending',
  currentStep: 0,
  stepExecutionMetadata: [],
  healthChecks: [],
  commits: [],
};
const planned = { ...pending, definitions: { source: '.', revision: 'r' } };
const succeeded: PromotionStatus = {
  ...planned,
  phase: 'Succeeded',
  stepExecutionMetadata: [{ alias: 'out', continueOnError: false, status: 'Succeeded', errorCount: 0 }],
};

/** An error as the client throws it, with a gRPC status code. */
function grpcError(code: number, details: string): Error {
  const cause = Object.assign(new Error(details), { code, details, metadata: {} });
  return new ServiceError('Failed', { cause });
}

/** Promotions whose looks are written down beforehand; the end comes after the last one. */
function scripted(looks: readonly (PromotionStatus | Error)[], end: FinalEvent | 'never' | Error = 'never') {
  let ended: (() => void) | undefined;
  const over = new Promise<void>((resolve) => (ended = resolve));
  const rest = [...looks];
  let broken = end instanceof Error;
  const promotions: Promotions = {
    start: () => Promise.reject(new Error('not here')),
    abort: () => Promise.reject(new Error('not here')),
    journals: () => Promise.resolve([]),
    async status() {
      const look = rest.length > 1 ? rest.shift()! : rest[0]!;
      if (rest.length === 1 && end !== 'never') ended?.();
      if (look instanceof Error) throw look;
      return look;
    },
    async outcome() {
      if (broken) {
        broken = false;
        throw end as Error;
      }
      await over;
      return end instanceof Error ? { kind: 'finished', status: succeeded } : (end as FinalEvent);
    },
  };
  return promotions;
}

async function kindsOf(promotions: Promotions, signal = new AbortController().signal): Promise<string[]> {
  const kinds: string[] = [];
  for await (const event of follow(promotions, ref, { signal, interval: 1 })) kinds.push(event.kind);
  return kinds;
}

describe('following a promotion', () => {
  const finished: FinalEvent = { kind: 'finished', status: succeeded };
  const unavailable = grpcError(14, 'no connection');
  const noPoller = grpcError(9, 'no poller seen');
  const tooLate = grpcError(4, 'Deadline exceeded');
  const tooLateThere = grpcError(1, 'Call cancelled');

  const cases: readonly [string, Promotions, readonly PromotionEvent['kind'][]][] = [
    [
      'tells what the last look missed',
      scripted([planned], finished),
      ['planned', 'step-finished', 'finished'],
    ],
    ['ends when it was refused', scripted([pending], { kind: 'refused', message: 'x' }), ['refused']],
    ['ends when it was terminated', scripted([planned], { kind: 'lost', message: 'x' }), ['planned', 'lost']],
    [
      'says once that the connection is lost, and that it is back',
      scripted([planned, unavailable, unavailable, planned, planned], finished),
      ['planned', 'connection-lost', 'connection-restored', 'step-finished', 'finished'],
    ],
    [
      'says once that no worker answers',
      scripted([noPoller, tooLate, tooLateThere, noPoller, pending, planned], finished),
      ['worker-missing', 'worker-found', 'planned', 'step-finished', 'finished'],
    ],
  ];
  for (const [title, promotions, expected] of cases) {
    it(title, async () => assert.deepEqual(await kindsOf(promotions), expected));
  }

  it('waits for the end again when the connection broke while waiting', async () => {
    const kinds = await kindsOf(scripted([planned, planned], unavailable));
    assert.deepEqual(kinds, ['planned', 'step-finished', 'finished']);
  }).timeout(5000);

  it('stops at the signal, however long a look takes', async () => {
    const stop = new AbortController();
    const stuck = { ...scripted([planned]), status: () => new Promise<PromotionStatus>(() => {}) };
    setTimeout(() => stop.abort(), 20);
    assert.deepEqual(await kindsOf(stuck, stop.signal), []);
  });

  it('adds the journal of a step that stays under way, and tells each error once', async () => {
    const running = {
      alias: 'push',
      continueOnError: false,
      status: 'Running',
      errorCount: 0,
      startedAt: 'T',
    } as const;
    const status = { ...planned, stepExecutionMetadata: [running] };
    const journal = { looks: 2, errors: 2, consecutive: 2, recent: [{ at: 'T', message: 'no route' }] };
    const promotions: Promotions = {
      ...scripted([status]),
      journals: async () => [{ alias: 'push', errors: 2, message: 'no route', journal }],
    };
    const told: PromotionEvent[] = [];
    const events = follow(promotions, ref, { signal: AbortSignal.timeout(300), interval: 1 });
    for await (const event of events) if (event.kind === 'step-trouble') told.push(event);
    assert.deepEqual(told, [{ kind: 'step-trouble', step: 'push', errors: 2, message: 'no route' }]);
  });
});
