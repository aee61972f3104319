import { Context } from '@temporalio/activity';

/** What an activity needs to know of the attempt that runs it. */
export interface Attempt {
  /** Tells attempts apart, also those of different promotions. */
  readonly id: string;
  /** 1 for the first. */
  readonly number: number;
  /** Last heartbeat of the attempt before. */
  readonly details: unknown;
  /** Aborts on cancellation and worker shutdown; its reason is the failure to rethrow. */
  readonly signal: AbortSignal;
  heartbeat(details: unknown): void;
  /** Sends a signal to the workflow that the activity belongs to. */
  tellWorkflow?(signal: string, payload: unknown): Promise<void>;
}

/** The attempt under way, as Temporal tells it. */
export function currentAttempt(): Attempt {
  const { info, cancellationSignal, heartbeat } = bound(Context.current());
  const { workflowExecution, activityId, attempt } = info;
  return {
    id: [workflowExecution?.runId, activityId, attempt].join('/'),
    number: attempt,
    details: info.heartbeatDetails,
    signal: cancellationSignal,
    heartbeat,
    tellWorkflow,
  };
}

async function tellWorkflow(signal: string, payload: unknown): Promise<void> {
  const { client, info } = Context.current();
  const { workflowId, runId } = info.workflowExecution ?? {};
  if (workflowId === undefined) return;
  const handle = client.workflow.getHandle(workflowId, runId);
  await client.withDeadline(Date.now() + signalPatience, () => handle.signal(signal, payload));
}

/** Milliseconds. */
const signalPatience = 10_000;

/** Runs a function under a ticker, so that cancellation arrives and a death is noticed within seconds. */
export async function underHeartbeat<T>(
  attempt: Attempt,
  details: () => unknown,
  work: () => Promise<T>,
): Promise<T> {
  // What earlier attempts left is sent at once, since that one is never throttled, and survives a crash of this attempt.
  if (attempt.details !== undefined) attempt.heartbeat(details());
  const ticker = setInterval(() => attempt.heartbeat(details()), heartbeatInterval);
  try {
    return await work();
  } finally {
    clearInterval(ticker);
  }
}

/** The same activity, of which a worker's death is noticed within seconds. */
export function withHeartbeat<Call, Result>(
  activity: (call: Call) => Promise<Result>,
): (call: Call) => Promise<Result> {
  return (call) =>
    underHeartbeat(
      currentAttempt(),
      () => undefined,
      () => activity(call),
    );
}

function bound(context: Context) {
  const { info, cancellationSignal } = context;
  return { info, cancellationSignal, heartbeat: (details: unknown) => context.heartbeat(details) };
}

/** Milliseconds; the heartbeat timeout is 10 s. */
const heartbeatInterval = 3000;
