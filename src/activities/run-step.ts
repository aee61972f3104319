import { WorkspaceLost } from '../core/errors.ts';
import type { TimeZones } from '../core/expression/time/location.ts';
import { readsOutside, type Lookups } from '../core/promotion/environment.ts';
import { limits } from '../core/promotion/limits.ts';
import { cutText } from '../core/promotion/size.ts';
import type { StepResult, StepRun } from '../core/promotion/step-run.ts';
import { referencesOf } from '../core/template/references.ts';
import { openAttemptSignal, type AttemptSignal } from './attempt-signal.ts';
import type { StepDefinition, StepOutcome } from './define-step.ts';
import { currentAttempt, underHeartbeat, type Attempt } from './heartbeat.ts';
import { countLook, journalOf, parseAttempts, type Attempts } from './journal.ts';
import type { Pace } from './patience.ts';
import { createPrinted, type Printed } from './printed.ts';
import { createScrubber, type Scrubber } from './scrub.ts';
import { explainDisk } from './explain-disk.ts';
import { orAbandon } from './or-abandon.ts';
import { findLoss } from './find-loss.ts';
import { evaluateStepConfig } from './step-config.ts';
import { shutdownFailure } from './step-failure.ts';
import { plainOutput, StatusUnknown } from './step-output.ts';
import { tellLookups } from './tell-secrets.ts';
import { createStepWorld, type AttemptLog, type WorldParts } from './step-world.ts';
import { toFailure } from './to-failure.ts';
import type { EnteredWorkspace, Workspaces } from './workspace/workspaces.ts';

/** What surrounds every step of a worker. */
export interface Surroundings extends WorldParts {
  readonly workspaces: Workspaces;
  /** Time zones by name, for expressions. */
  readonly zones?: TimeZones;
  /** A log whose lines carry these fields. */
  readonly logFor: (fields: Readonly<Record<string, string | number>>) => AttemptLog;
  /** Learns every secret of every attempt, for the log. */
  readonly scrubber: Scrubber;
  /** Aborts when the worker takes no further steps. */
  readonly leaving?: AbortSignal;
  /** Aborts when the worker cannot wait for steps any longer. */
  readonly closing: AbortSignal;
  /** How often steps that wait are looked at; default the usual pace. */
  readonly pace?: Pace;
}

/** One attempt, and what is open while it lasts. */
interface Course {
  readonly definition: StepDefinition;
  readonly run: StepRun;
  readonly around: Surroundings;
  readonly attempt: Attempt;
  readonly scrubber: Scrubber;
  readonly log: AttemptLog;
  readonly limit: AttemptSignal;
  /** What expressions looked for in vain. */
  readonly missing: Set<string>;
  readonly printed: Printed;
}

/**
 * One attempt of a step, with everything that every step needs around it. Resolves with its result, or rejects with the
 * failure that tells the server what to do next: end (`StepFailed`, `StepErrored`, `WorkspaceLost`), look again later
 * (`NotYet`), try again after the back-off (`TransientError`). A cancellation passes through as it is.
 */
export async function runStep(
  definition: StepDefinition,
  run: StepRun,
  around: Surroundings,
  attempt: Attempt = currentAttempt(),
): Promise<StepResult> {
  let attempts = parseAttempts(attempt.details);
  const limit = openAttemptSignal([attempt.signal, around.closing], run.deadline);
  const course = openCourse(definition, run, around, attempt, limit);
  const { scrubber } = course;
  try {
    const outcome = await underHeartbeat(
      attempt,
      () => attempts,
      () => attemptStep(course, attempts),
    );
    const result = toResult(outcome, countLook(attempts), course);
    course.log.info('Step ended', { status: result.status });
    return result;
  } catch (error) {
    if (attempt.signal.aborted) throw attempt.signal.reason;
    if (around.closing.aborted) throw shutdownFailure();
    const { missing, printed } = course;
    const log = printed.tail();
    const cause = { run, attempts, timedOut: limit.timedOut, scrubber, missing };
    const verdict = toFailure(error, {
      ...cause,
      ...(log !== undefined && { log }),
      ...(around.pace && { pace: around.pace }),
    });
    attempts = verdict.attempts;
    // Sent together with the failure: the next attempt, or whoever watches, finds it.
    attempt.heartbeat(attempts);
    course.log.info('Attempt failed', { type: verdict.failure.type ?? '', reason: verdict.failure.message });
    throw verdict.failure;
  } finally {
    limit.close();
  }
}

function openCourse(
  definition: StepDefinition,
  run: StepRun,
  around: Surroundings,
  attempt: Attempt,
  limit: AttemptSignal,
): Course {
  const { name, project, stage } = run.scope.identity;
  const fields = { promotion: name, project, stage, step: run.scope.alias, uses: run.uses };
  const log = around.logFor({ ...fields, attempt: attempt.number });
  const scrubber = createScrubber(around.scrubber);
  const printed = createPrinted(log, scrubber);
  return { definition, run, around, attempt, limit, log, scrubber, printed, missing: new Set() };
}

async function attemptStep(course: Course, attempts: Attempts): Promise<StepOutcome> {
  const { definition, run, around, attempt, limit, log, scrubber, printed } = course;
  limit.signal.throwIfAborted();
  const lookups = await openLookups(course);
  const config = evaluateStepConfig(definition, withLastLook(run, attempts), {
    ...(lookups && { lookups }),
    ...(around.zones && { zones: around.zones }),
  });
  const workspace = await enterWorkspace(course);
  if (workspace) limit.follow(workspace.signal);
  const scratch = workspace ? undefined : around.workspaces.openScratch();
  const own = {
    attempt: attempt.id,
    again: workspace?.again ?? attempt.number > 1,
    signal: limit.signal,
    scrubber,
    log,
    print: (text: string) => printed.write(text),
    async watchPullRequest(key: string) {
      // Later looks find it told.
      if (attempts.looks === 0) await attempt.tellWorkflow?.('pullRequest', { watch: key });
    },
    ...(workspace && { workspace }),
    ...(scratch && { scratch: scratch.path }),
  };
  const work = begin(() => definition.run(config, createStepWorld(run, around, own)));
  try {
    const outcome = await orAbandon(work, limit.signal);
    // Checked before it counts as done: what cannot be kept was not done.
    const output = plainOutput(outcome.output);
    if (!isEnd(outcome.status)) throw new StatusUnknown(String(outcome.status), output);
    await workspace?.markDone();
    return { ...outcome, ...(output && { output }) };
  } catch (error) {
    const loss = await findLoss(workspace);
    if (loss) throw loss;
    throw workspace ? await explainDisk(error, workspace.files) : error;
  } finally {
    // A step that ignores its signal keeps the folder: nobody else may work in it meanwhile.
    const left = work.catch(() => undefined).then(() => workspace?.leave());
    void left.then(() => scratch?.remove()).catch(() => undefined);
  }
}

/** A step sees how its last look ended and what it put out, as Kargo's steps do. */
function withLastLook(run: StepRun, { looks, errors, consecutive, output }: Attempts): StepRun {
  if (looks === 0) return run;
  const { alias, outputs, records, startedAt } = run.scope;
  const status = consecutive > 0 ? ('Errored' as const) : ('Running' as const);
  const scope = {
    ...run.scope,
    outputs: { ...outputs, [alias]: output ?? null },
    records: records.map((record) =>
      record.alias === alias ? { ...record, status, errorCount: errors, startedAt } : record,
    ),
  };
  return { ...run, scope };
}

/** Steps of others may return anything. */
function isEnd(status: unknown): boolean {
  return status === undefined || status === 'Succeeded' || status === 'Skipped';
}

/** Only for those that read something: a source that is down must not stop the others. */
async function openLookups({ run, around, scrubber, log, missing }: Course): Promise<Lookups | undefined> {
  const { identity, promotionVars, stepVars } = run.scope;
  const vars = [...promotionVars, ...stepVars].map(({ value }) => value);
  if (!around.lookupsFor || !readsOutside(referencesOf(run.config, ...vars))) return undefined;
  return tellLookups(await around.lookupsFor(identity.project), scrubber, (message) => {
    if (!missing.has(message)) log.warn('An expression reads what is not there', { missing: message });
    missing.add(message);
  });
}

async function enterWorkspace({ definition, run, around }: Course): Promise<EnteredWorkspace | undefined> {
  const { workspace, scope, index } = run;
  // A step may need files only where its config says so: then the plan has asked for them.
  if (definition.place !== 'workspace' && !workspace) return undefined;
  if (workspace?.uid !== around.workspaces.uid) {
    throw new WorkspaceLost('the workspace is lost: this worker does not have it');
  }
  return around.workspaces.enter(scope.identity, workspace.generation, index);
}

async function begin(work: () => Promise<StepOutcome>): Promise<StepOutcome> {
  return work();
}

function toResult(
  outcome: StepOutcome,
  attempts: Attempts,
  { scrubber, printed, around }: Course,
): StepResult {
  const { status = 'Succeeded', output, message, healthCheck, commits, pullRequests, marks, trace } = outcome;
  const journal = journalOf(attempts);
  const log = printed.tail();
  return scrubber.json({
    status,
    ...(output && { output }),
    ...(message && { message: cutText(message, limits.message) }),
    ...(healthCheck && { healthCheck }),
    ...(commits?.length && { commits }),
    ...(pullRequests?.length && { pullRequests }),
    ...(marks?.length && { marks }),
    ...(journal && { journal }),
    ...(log !== undefined && { log }),
    ...(trace && { trace: cutText(trace, 200) }),
    ...(around.leaving?.aborted && { leaving: true as const }),
  });
}
