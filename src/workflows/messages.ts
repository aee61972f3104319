import {
  ApplicationFailure,
  defineQuery,
  defineSignal,
  defineUpdate,
  setHandler,
} from '@temporalio/workflow';
import { controls, refused, type Control, type ControlCalls } from '../core/promotion/control.ts';
import { isObject } from '../core/json.ts';
import { createOutputs } from '../core/promotion/outputs.ts';
import { examples } from '../core/promotion/parse-control.ts';
import { notePullRequests } from '../core/promotion/pull-requests.ts';
import type { Run } from '../core/promotion/scope.ts';
import type { PromotionStatus } from '../core/promotion/status.ts';
import type { Doorbell } from './doorbell.ts';
import type { Operators } from './operators.ts';

/** How far a promotion is. */
export const statusQuery = defineQuery<PromotionStatus>('status');

/**
 * What people may do to a promotion. Each is refused (`Refused`) with what the promotion does and what is possible now;
 * an accepted one stands in `decisions` of the status.
 */
export const updates = {
  abort: defineUpdate<void, [ControlCalls['abort']]>('abort'),
  retry: defineUpdate<void, [ControlCalls['retry']]>('retry'),
  skip: defineUpdate<void, [ControlCalls['skip']]>('skip'),
  pause: defineUpdate<void, [ControlCalls['pause']]>('pause'),
  resume: defineUpdate<void, [ControlCalls['resume']]>('resume'),
  refresh: defineUpdate<void, [ControlCalls['refresh']]>('refresh'),
} as const satisfies { [Kind in Control]: unknown };

/**
 * Something happened to a pull request: a step that waits looks at once. Anybody can send it, with anything in it; only
 * `{watch: KEY}` says something else: events of that pull request are to reach this promotion.
 */
export const pullRequestSignal = defineSignal<unknown[]>('pullRequest');

/** The status of a promotion under way. */
export type RunStatus = Run['status'];

/** The status of a promotion of which nothing is known yet. */
export function createStatus(): RunStatus {
  return {
    name: '',
    project: '',
    stage: '',
    phase: 'Pending',
    currentStep: 0,
    stepExecutionMetadata: [],
    state: createOutputs(),
    healthChecks: [],
    commits: [],
  };
}

/** Who hears what is written to a promotion. */
export interface Listeners {
  readonly operators: Operators;
  readonly doorbell: Doorbell;
  /** Called when the status has changed by a signal. */
  readonly changed: () => void;
}

/** Answers everybody who writes to a promotion. No handler throws: that would stop or fail the whole run. */
export function listen(status: RunStatus, { operators, doorbell, changed }: Listeners): void {
  setHandler(statusQuery, () => status);
  for (const kind of controls) {
    setHandler(updates[kind] as typeof updates.abort, (call) => operators.take(kind, call), {
      validator: (...args: readonly unknown[]) => refuse(operators.check(kind, args[0])),
      description: `${descriptions[kind]} ${examples[kind]}`,
    });
  }
  setHandler(pullRequestSignal, (hint) => {
    const isWatch = isObject(hint) && hint['watch'] !== undefined;
    if (!isWatch) doorbell.ring('signal');
    else if (notePullRequests(status, [hint['watch']])) changed();
  });
}

const descriptions: Readonly<Record<Control, string>> = {
  abort: 'Ends the promotion; steps marked always() still run.',
  retry:
    'Runs the step again that the promotion is held at; keys of config replace, null removes, vars are added.',
  skip: 'Leaves the step out that the promotion is held at, optionally with outputs for later steps.',
  pause: 'Lets no further step begin; the one under way goes on.',
  resume: 'Lets a paused promotion go on.',
  refresh: 'Lets a step that waits look at once.',
};

function refuse(problem: string | undefined): void {
  if (problem !== undefined) throw ApplicationFailure.nonRetryable(problem, refused);
}
