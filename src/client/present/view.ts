import type { PushedCommit, StepStatus, WaitingFor } from '../../core/promotion/status.ts';
import type { FinalEvent, Planned, PromotionEvent } from '../events.ts';
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
      return changeStep(view, event.step, {
        state: 'Running',
        ...(event.at && { startedAt: Date.parse(event.at) }),
      });
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
      return putStep(view, { alias, ...(uses && { uses }), state: status, errors, commits, ...end });
    }
    case 'commit-pushed': {
      const { commits } = findStep(view, event.commit.step);
      return changeStep(view, event.commit.step, { commits: [...commits, event.commit] });
    }
    case 'waiting':
      return { ...view, waitingFor: event.waitingFor };
    case 'waiting-over':
      return without(view, 'waitingFor');
    case 'worker-missing':
    case 'connection-lost':
      return { ...view, trouble: event };
    case 'worker-found':
    case 'connection-restored':
      return without(view, 'trouble');
    case 'finished':
    case 'refused':
    case 'lost':
      return { ...without(without(view, 'trouble'), 'waitingFor'), end: event };
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

function without<Key extends 'waitingFor' | 'trouble'>(view: View, key: Key): Omit<View, Key> {
  const { [key]: _gone, ...rest } = view;
  return rest;
}
