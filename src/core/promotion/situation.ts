import type { Control } from './control.ts';
import type { PromotionStatus } from './status.ts';
import { explainStop, type Stop } from './stop.ts';

/** What decides on what people may do now. */
export interface Situation {
  readonly status: PromotionStatus;
  readonly stop?: Stop | undefined;
}

/** The updates that a promotion would take now. */
export function possibleNow(situation: Situation): readonly Control[] {
  const pausing = pausingOf(situation.status);
  switch (stateOf(situation)) {
    case 'held':
      return ['retry', 'skip', 'abort', ...pausing];
    case 'paused':
      return ['resume', 'abort'];
    case 'runs':
      return ['abort', 'refresh', ...pausing];
    case 'waits':
      return ['abort', ...pausing];
    default:
      return [];
  }
}

/** Why an update cannot be taken now, and which ones can; undefined when it can. */
export function refusalOf(kind: Control, situation: Situation): string | undefined {
  const possible = possibleNow(situation);
  if (possible.includes(kind)) return undefined;
  const now = possible.length > 0 ? `; possible now: ${possible.join(', ')}` : '';
  return `cannot ${kind}: ${explainSituation(situation)}${now}`;
}

/** What a promotion does, in a clause: `the promotion is held at step "push"`. */
export function explainSituation(situation: Situation): string {
  const { status, stop } = situation;
  const { paused, waitingFor, phase } = status;
  const who = paused ? `paused by ${paused.actor} since ${paused.since}` : '';
  switch (stateOf(situation)) {
    case 'ended':
      return `the promotion has already ended: ${phase}`;
    case 'ending':
      return `the promotion is already ending${stop ? `: ${explainStop(stop)}` : ''}`;
    case 'held':
      return `the promotion is held at step ${quoted(stepOf(status))}${who && ` and ${who}`}`;
    case 'paused':
      return `the promotion is ${who}`;
    case 'runs':
      return `the promotion runs step ${quoted(stepOf(status))}${lastOf(status)}${who && ` and is ${who}`}`;
    default:
      return `the promotion ${waitingFor ? 'waits for its turn' : 'is being planned'}${who && ` and is ${who}`}`;
  }
}

/** Alias of the step that is under way, or that the promotion is held at. */
export function stepOf({ waitingFor, stepExecutionMetadata }: PromotionStatus): string | undefined {
  if (waitingFor?.kind === 'turn' || waitingFor?.kind === 'resume') return undefined;
  return waitingFor?.step ?? stepExecutionMetadata.at(-1)?.alias;
}

type State = 'ended' | 'ending' | 'held' | 'paused' | 'waits' | 'runs';

function stateOf({ status, stop }: Situation): State {
  const { phase, waitingFor } = status;
  if (phase !== 'Pending' && phase !== 'Running') return 'ended';
  if (stop) return 'ending';
  if (waitingFor?.kind === 'decision') return 'held';
  if (waitingFor?.kind === 'resume') return 'paused';
  return phase === 'Pending' || status.stepExecutionMetadata.length === 0 ? 'waits' : 'runs';
}

function pausingOf(status: PromotionStatus): readonly Control[] {
  if (status.paused) return ['resume'];
  return lastOf(status) ? [] : ['pause'];
}

/** A pause takes effect before the next step: where there is none, it would say something untrue. */
function lastOf({ steps, stepExecutionMetadata }: PromotionStatus): string {
  return steps && stepExecutionMetadata.length >= steps.length ? ', its last' : '';
}

function quoted(alias: string | undefined): string {
  return JSON.stringify(alias ?? '');
}
