import type { PromotionStatus } from '../../core/promotion/status.ts';
import { isFinal, type FinalEvent, type PromotionEvent } from '../events.ts';
import { follow } from '../follow.ts';
import type { Session } from '../open-promotions.ts';
import { openPresenter } from '../present/presenter.ts';
import type { PromotionRef } from '../promotions.ts';
import { explainDetached, webUiOf } from '../web-ui.ts';
import type { Call } from './command.ts';
import { exitCodeOf, exitCodes } from './exit-codes.ts';
import { printResult } from './output.ts';
import { answersTo, commandAbout } from './promotion-argument.ts';
import { formatTable } from './table.ts';

/** When to stop watching before the promotion ends. */
export interface WatchOptions {
  /** Milliseconds. */
  readonly timeout?: number | undefined;
  readonly untilPlanned?: boolean;
}

/** How watching ended: the promotion did, or one of the reasons to leave it alone. */
export type WatchEnd = FinalEvent | { readonly kind: 'planned' | 'held' | 'timeout' | 'interrupted' };

/** Shows a promotion until its end, prints its result and returns the exit code. */
export async function watchPromotion(
  call: Pick<Call, 'output' | 'terminal' | 'settings'>,
  session: Session,
  ref: PromotionRef,
  options: WatchOptions = {},
): Promise<number> {
  const end = await followTo(call, session, ref, options);
  if (end.kind !== 'refused' && end.kind !== 'lost') await printEnd(call, ref, end);
  if (leftAlone.has(end.kind)) {
    const [follow, abort] = ['watch', 'abort'].map((name) => commandAbout(name, ref, call.settings));
    call.terminal.err.write(`${explainDetached(session.target, ref, { follow: follow!, abort: abort! })}\n`);
  }
  return codeOf(end);
}

/** Shows what happens on standard error until there is a reason to stop. */
export async function followTo(
  { output, terminal, settings }: Pick<Call, 'output' | 'terminal' | 'settings'>,
  { promotions, target }: Session,
  ref: PromotionRef,
  { timeout, untilPlanned }: WatchOptions = {},
): Promise<WatchEnd> {
  const stop = new AbortController();
  const forget = terminal.onStop(() => stop.abort('interrupted'));
  const timer = timeout === undefined ? undefined : setTimeout(() => stop.abort('timeout'), timeout);
  const presenter = openPresenter(terminal.err, terminal.env, output === 'json' ? 'json' : 'text');
  const url = webUiOf(target, ref);
  try {
    presenter.show({ kind: 'started', ...ref, ...(url && { url }) });
    for await (const event of follow(promotions, ref, { signal: stop.signal })) {
      presenter.show(withAnswers(event, ref, settings));
      if (isFinal(event)) return event;
      if (untilPlanned && event.kind === 'planned') return { kind: 'planned' };
      if (event.kind === 'held' && !terminal.err.isTTY) return { kind: 'held' };
    }
    return { kind: stop.signal.reason === 'timeout' ? 'timeout' : 'interrupted' };
  } finally {
    presenter.close();
    stop.abort();
    clearTimeout(timer);
    forget();
  }
}

/** One that is held has said already how to go on. */
const leftAlone: ReadonlySet<WatchEnd['kind']> = new Set(['timeout', 'interrupted']);

function withAnswers(event: PromotionEvent, ref: PromotionRef, settings: Call['settings']): PromotionEvent {
  return event.kind === 'held' ? { ...event, answers: answersTo(event, ref, settings) } : event;
}

function codeOf(end: WatchEnd): number {
  switch (end.kind) {
    case 'finished':
      return exitCodeOf(end.status);
    case 'planned':
      return exitCodes.succeeded;
    case 'refused':
      return exitCodes.invalid;
    case 'lost':
      return exitCodes.failed;
    default:
      return exitCodes[end.kind];
  }
}

/** The result: the promotion's ids and, when it is over, all it left behind. */
async function printEnd(
  call: Pick<Call, 'output' | 'terminal'>,
  ref: PromotionRef,
  end: WatchEnd,
): Promise<void> {
  const status: Partial<PromotionStatus> = end.kind === 'finished' ? end.status : { phase: 'Running' };
  const commits = (status.commits ?? []).map(({ branch, sha }) => `${branch}@${sha.slice(0, 12)}`);
  await printResult(call, { ...ref, ...status }, () =>
    formatTable(['PROMOTION', 'PHASE', 'COMMITS'], [[ref.workflowId, status.phase ?? '', commits.join(' ')]]),
  );
}
