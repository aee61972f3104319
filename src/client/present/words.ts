import { formatDuration } from '../../core/duration.ts';
import type { Freight } from '../../core/freight/freight.ts';
import type { PromotionStatus, StepStatus, WaitingFor } from '../../core/promotion/status.ts';
import type { Decided, Held, Paused, Planned, Resumed } from '../events.ts';
import { unreachable } from '../unreachable.ts';
import type { Ink, Paint } from './paint.ts';
import { plainText } from './width.ts';

/** Sign and colour of a step that is over. */
export const signs: Readonly<Record<Exclude<StepStatus, 'Running'>, readonly [string, Ink]>> = {
  Succeeded: ['✓', 'green'],
  Skipped: ['-', 'dim'],
  Failed: ['✗', 'red'],
  Errored: ['✗', 'red'],
  Aborted: ['✗', 'yellow'],
};

export const workerMissing = 'no worker answers: start one with `gantry worker` or `gantry dev`';

/** What is promoted, where to, and by which definitions. */
export function planText({ freight, stage, definitions }: Planned): string {
  const source = definitions ? `, definitions ${definitionsText(definitions)}` : '';
  return plainText(`${freightText(freight)} to ${stage}${source}`);
}

/** Where definitions were read and in which state; steps of a promotion's own come from nowhere. */
export function definitionsText({ source, revision }: NonNullable<Planned['definitions']>): string {
  return revision ? `${source} at ${revision.slice(0, 12)}` : source;
}

export function waitingText(waiting: WaitingFor): string {
  switch (waiting.kind) {
    case 'turn':
      return 'waits for its turn: another promotion of this Stage is under way';
    case 'step':
      return `${plainText(waiting.step)} waits`;
    case 'decision':
      return heldText(waiting);
    case 'resume':
      return `paused by ${plainText(waiting.actor)}${waiting.reason ? `: ${plainText(waiting.reason)}` : ''}`;
    default:
      return unreachable(waiting);
  }
}

export function heldText({ step, options }: Pick<Held, 'step' | 'options'>): string {
  return `held at ${plainText(step)}: decide to ${options.join(', ')}`;
}

/** Who did what to the promotion, and why. */
export function decisionText(event: Decided | Paused | Resumed): string {
  const what = decisionWords[event.kind === 'decided' ? event.decision : event.kind];
  const step = event.kind === 'decided' && event.step ? event.step : 'the step';
  return `${plainText(event.actor)} ${what.replace('STEP', () => plainText(step))}${after(event.reason)}`;
}

const decisionWords = {
  abort: 'aborts the promotion',
  retry: 'runs STEP again',
  skip: 'leaves STEP out',
  refresh: 'asks for a new look at STEP',
  paused: 'pauses the promotion',
  resumed: 'lets the promotion go on',
} as const satisfies Record<Decided['decision'] | 'paused' | 'resumed', string>;

/** How a promotion ended, after how long, and why. */
export function endText(
  {
    phase,
    startedAt,
    finishedAt,
    message,
  }: Pick<PromotionStatus, 'phase' | 'startedAt' | 'finishedAt' | 'message'>,
  paint: Paint,
): string {
  const ink = phase === 'Succeeded' ? 'green' : phase === 'Aborted' ? 'yellow' : 'red';
  const took =
    startedAt && finishedAt ? ` in ${formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))}` : '';
  return `${paint(ink, phase)}${took}${phase === 'Succeeded' ? '' : after(message)}`;
}

/** A message behind what it is about; its further lines are set in. */
export function after(message: string | undefined): string {
  return message ? `: ${plainText(message).trimEnd().replaceAll('\n', '\n      ')}` : '';
}

/** Alias and short name, as people speak of Freight. */
export function freightText(freight: Freight | undefined): string {
  return freight ? `${freight.alias} (${freight.name.slice(0, 7)})` : 'freight';
}
