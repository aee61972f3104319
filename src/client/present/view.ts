import type { PushedCommit, StepStatus, WaitingFor } from '../../core/promotion/status.ts';
import type { Decided, FinalEvent, Held, Paused, Planned, PromotionEvent } from '../events.ts';
import { unreachable } from '../unreachable.ts';

/** A promotion as far as its events have told it. */
export interface View {
  readonly workflowId: string;
  /** In the Temporal Web UI. */
  readonly url?: string;
  readonly plan?: Planned;
  /** Those of the plan, and those that ran, in order. */
  readonly steps: readonly StepView[];
  readonly waitingFor?: WaitingFor;
  readonly held?: Held;
  /** What somebody did last, while it still shapes what happens. */
  readonly decision?: Decided | Paused;
  /** Why nothing is known at the moment. */
  readonly trouble?:
    { readonly kind: 'worker-missing' } | { readonly kind: 'connection-lost'; message: string };
  readonly end?: FinalEvent;
}

export interface StepView {
  readonly alias: string;
  readonly uses?: string;
  readonly state: 'pending' | StepStatus;
  /** Milliseconds since 1970, by the server's clock. */
  readonly startedAt?: number;
  /** Milliseconds. */
  readonly duration?: number;
  readonly errors: number;
  /** Of the last error, or of the end. */
  readonly message?: string;
  /** What it waits for. */
  readonly waiting?: string;
  /** Milliseconds since 1970. */
  readonly retryAt?: number;
  readonly commits: readonly PushedCommit[];
}

/** Before the first event. */
export const emptyView: View = { workflowId: '', steps: [] };

/** The view after one event more. */
export function applyEvent(view: View, event: PromotionEvent): View {
  switch (event.kind) {
    case 'started':
      return { ...view, workflowId: event.workflowId, ...(event.url && { url: event.url }) };
    case 'planned':
      return { ...view, plan: event, steps: plannedSteps(event, view.steps) };
    case 'step-started':
      return startStep(view, event.step, event.at);
    case 'step-trouble': {
      const { step, errors, message, retryAt } = event;
      const { waiting: _waiting, retryAt: _retryAt, ...rest } = findStep(view, step);
      const more = { ...(message && { message }), ...(retryAt && { retryAt: Date.parse(retryAt) }) };
      return putStep(view, { ...rest, errors, ...more });
    }
    case 'step-waiting':
      return changeStep(view, event.step, { waiting: event.message });
    case 'step-finished': {
      const { step, status, message, duration } = event;
      const { alias, uses, errors, commits } = findStep(view, step);
      const end = { ...(message && { message }), ...(duration !== undefined && { duration }) };
      const told = view.decision?.kind === 'decided' ? without(view, 'decision') : view;
      return putStep(told, { alias, ...(uses && { uses }), state: status, errors, commits, ...end });
    }
    case 'commit-pushed': {
      const { commits } = findStep(view, event.commit.step);
      return changeStep(view, event.commit.step, { commits: [...commits, event.commit] });
    }
    case 'waiting':
      return { ...view, waitingFor: event.waitingFor };
    case 'held':
      return { ...without(view, 'decision'), held: event };
    case 'waiting-over':
      return without(without(view, 'waitingFor'), 'held');
    case 'decided':
    case 'paused':
      return { ...view, decision: event };
    case 'resumed':
      return without(view, 'decision');
    case 'worker-missing':
    case 'connection-lost':
      return { ...view, trouble: event };
    case 'worker-found':
    case 'connection-restored':
      return without(view, 'trouble');
    case 'finished':
    case 'refused':
    case 'lost':
      return { ...bare(view), end: event };
    default:
      return unreachable(event);
  }
}

/** Steps that ran before the plan was known keep what is known of them. */
function plannedSteps({ steps = [] }: Planned, known: readonly StepView[]): readonly StepView[] {
  const planned = steps.map(({ alias, uses }) => ({ ...findStep({ steps: known }, alias), uses }));
  const others = known.filter(({ alias }) => !steps.some((step) => step.alias === alias));
  return [...planned, ...others];
}

/** A step may start again: then nothing but its commits is left of what it was. */
function startStep(view: View, step: string, at: string | undefined): View {
  const { alias, uses, commits } = findStep(view, step);
  const startedAt = at && Date.parse(at);
  const fresh = { alias, ...(uses && { uses }), state: 'Running', errors: 0, commits } as const;
  return putStep(view, { ...fresh, ...(startedAt && { startedAt }) });
}

function findStep({ steps }: Pick<View, 'steps'>, alias: string): StepView {
  const known = steps.find((step) => step.alias === alias);
  return known ?? { alias, state: 'pending', errors: 0, commits: [] };
}

function changeStep(view: View, alias: string, change: Partial<StepView>): View {
  return putStep(view, { ...findStep(view, alias), ...change });
}

function putStep(view: View, step: StepView): View {
  const at = view.steps.findIndex(({ alias }) => alias === step.alias);
  return { ...view, steps: at < 0 ? [...view.steps, step] : view.steps.with(at, step) };
}

/** Without everything that only matters before the end. */
function bare(view: View): View {
  return without(without(without(without(view, 'trouble'), 'waitingFor'), 'held'), 'decision');
}

function without(view: View, key: 'waitingFor' | 'trouble' | 'held' | 'decision'): View {
  const rest = { ...view };
  delete rest[key];
  return rest;
}
