import { CancellationScope, condition } from '@temporalio/workflow';
import { checkControl } from '../core/promotion/check-control.ts';
import type { Caller, Control, RetryCall, SkipCall } from '../core/promotion/control.ts';
import { noteDecision } from '../core/promotion/decisions.ts';
import { parseControl } from '../core/promotion/parse-control.ts';
import type { Plan } from '../core/promotion/plan.ts';
import { stepOf } from '../core/promotion/situation.ts';
import type { Doorbell } from './doorbell.ts';
import type { HeldDecision } from './effects.ts';
import type { RunStatus } from './messages.ts';
import type { Stopper } from './stopper.ts';

/** What people ask of a promotion, on its way from updates to the interpreter. */
export interface Operators {
  /** Why an update is refused; undefined when it is to be taken. */
  check(kind: Control, value: unknown): string | undefined;
  /** Takes an update that was checked: status and decisions show it at once. */
  take(kind: Control, value: unknown): void;
  /** Resolves with what was decided about the step that is held, or undefined once the promotion stops. */
  nextDecision(): Promise<HeldDecision | undefined>;
  /** Resolves once nothing is paused, or the promotion stops. */
  resumed(): Promise<void>;
}

/** What the wishes of people apply to. */
export interface OperatorParts {
  readonly status: RunStatus;
  /** The plan as it is now, corrections included; undefined until there is one. */
  readonly plan: () => Plan | undefined;
  readonly stopper: Stopper;
  readonly doorbell: Doorbell;
  /** Called after each update that was taken. */
  readonly changed: () => void;
}

/** Operators of a promotion that nobody has asked for anything yet. */
export function createOperators({ status, plan, stopper, doorbell, changed }: OperatorParts): Operators {
  let decision: HeldDecision | undefined;

  function act(kind: Control, call: Caller, at: string): void {
    const { actor, reason } = call;
    const caller = { actor, ...(reason !== undefined && { reason }) };
    if (kind === 'abort') stopper.request({ kind, ...caller });
    else if (kind === 'pause') status.paused = { since: at, ...caller };
    else if (kind === 'resume') delete status.paused;
    else if (kind === 'refresh') doorbell.ring('operator');
    else {
      decision = { kind, call: call as RetryCall & SkipCall };
      // Whoever comes second finds nothing held any more.
      delete status.waitingFor;
    }
  }

  return {
    check: (kind, value) => checkControl(kind, value, { status, stop: stopper.find(), plan: plan() }),
    take(kind, value) {
      const { call } = parseControl(kind, value);
      if (!call) return;
      const [at, step] = [new Date().toISOString(), stepOf(status)];
      const { actor, reason } = call;
      noteDecision(status, { at, kind, actor, ...(reason && { reason }), ...(step && { step }) });
      act(kind, call, at);
      changed();
    },
    async nextDecision() {
      await until(() => decision !== undefined || stopper.find() !== undefined);
      const taken = stopper.find() ? undefined : decision;
      decision = undefined;
      return taken;
    },
    resumed: () => until(() => status.paused === undefined || stopper.find() !== undefined),
  };
}

/** Also when the workflow is cancelled: that stops the promotion, which is one of the things waited for. */
async function until(holds: () => boolean): Promise<void> {
  await CancellationScope.nonCancellable(() => condition(holds));
}
