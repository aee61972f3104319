import { setCurrentDetails, type CancellationScope } from '@temporalio/workflow';
import { explainStatus } from '../core/promotion/explain-status.ts';
import type { Run } from '../core/promotion/scope.ts';
import type { Continued } from './continued.ts';
import { createDoorbell, type Doorbell } from './doorbell.ts';
import { createStatus, listen, type RunStatus } from './messages.ts';
import { createOperators, type Operators } from './operators.ts';
import { createStopper, type Stopper } from './stopper.ts';

/** Where everybody who writes to a promotion is heard, from its first moment on. */
export interface Desk {
  readonly status: RunStatus;
  readonly stopper: Stopper;
  readonly doorbell: Doorbell;
  readonly operators: Operators;
  /** Shows people the status as it is now. */
  readonly show: () => void;
  /** The same, and where promotions are searched; set as soon as there is a plan. */
  changed?: () => void;
  /** Known as soon as there is a plan. */
  run?: Run;
  /** Runs while the promotion has a limit. */
  timer?: CancellationScope;
}

/** Opens the desk of a promotion that begins, or of one that went on in this history. */
export function openDesk(continued: Continued | undefined): Desk {
  const status = continued?.run.status ?? createStatus();
  const stopper = createStopper(continued?.stop);
  const doorbell = createDoorbell();
  const show = () => setCurrentDetails(explainStatus(status, desk.run?.plan));
  const operators = createOperators({ status, plan: () => desk.run?.plan, stopper, doorbell, changed: show });
  const desk: Desk = { status, stopper, doorbell, operators, show };
  if (continued) desk.run = continued.run;
  listen(status, { operators, doorbell, changed: () => (desk.changed ?? show)() });
  return desk;
}
