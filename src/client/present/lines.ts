import { formatDuration } from '../../core/duration.ts';
import type { Freight } from '../../core/freight/freight.ts';
import type { StepStatus, WaitingFor } from '../../core/promotion/status.ts';
import type { Finished, PromotionEvent, StepFinished } from '../events.ts';
import { unreachable } from '../unreachable.ts';
import type { Ink, Paint } from './paint.ts';

/** One event as a line for people, without line end; undefined when it is nothing to them. */
export function formatLine(event: PromotionEvent, paint: Paint): string | undefined {
  switch (event.kind) {
    case 'started':
      return `${paint('bold', 'started')}  ${event.workflowId}`;
    case 'planned':
      return `${paint('bold', 'planned')}  ${freightOf(event.freight)} to ${event.stage}${sourceOf(event)}`;
    case 'step-started':
      return paint('dim', `  · ${event.step}`);
    case 'step-trouble':
      return paint('yellow', `  ! ${event.step}: error ${event.errors}, trying again${after(event.message)}`);
    case 'step-finished':
      return finishedStep(event, paint);
    case 'commit-pushed': {
      const { commit } = event;
      return `    ${commit.branch} ${paint('cyan', commit.sha.slice(0, 12))} ${commit.url ?? commit.repoURL}`;
    }
    case 'waiting':
      return paint('yellow', `  … ${waitingText(event.waitingFor)}`);
    case 'worker-missing':
      return paint('yellow', '  … no worker answers: start one with `gantry worker` or `gantry dev`');
    case 'connection-lost':
      return paint('yellow', `  ! lost the connection to Temporal, trying again: ${event.message}`);
    case 'connection-restored':
      return '  connected again';
    case 'finished':
      return finished(event, paint);
    case 'refused':
    case 'lost':
      return paint('red', event.message);
    default:
      return unreachable(event);
  }
}

function finishedStep({ step, status, message, duration }: StepFinished, paint: Paint): string {
  const [sign, ink] = signs[status];
  const took = duration === undefined ? '' : ` ${paint('dim', formatDuration(duration))}`;
  const state = status === 'Succeeded' ? '' : `: ${status}`;
  return `  ${paint(ink, sign)} ${step}${took}${state}${status === 'Succeeded' ? '' : after(message)}`;
}

function finished({ status }: Finished, paint: Paint): string {
  const { phase, startedAt, finishedAt, message } = status;
  const ink = phase === 'Succeeded' ? 'green' : phase === 'Aborted' ? 'yellow' : 'red';
  const took =
    startedAt && finishedAt ? ` in ${formatDuration(Date.parse(finishedAt) - Date.parse(startedAt))}` : '';
  return `${paint(ink, phase)}${took}${phase === 'Succeeded' ? '' : after(message)}`;
}

const signs: Readonly<Record<Exclude<StepStatus, 'Running'>, readonly [string, Ink]>> = {
  Succeeded: ['✓', 'green'],
  Skipped: ['-', 'dim'],
  Failed: ['✗', 'red'],
  Errored: ['✗', 'red'],
  Aborted: ['✗', 'yellow'],
};

function freightOf(freight: Freight | undefined): string {
  return freight ? `${freight.alias} (${freight.name.slice(0, 7)})` : 'freight';
}

function sourceOf({ definitions }: { readonly definitions?: { source: string; revision: string } }): string {
  return definitions ? `, definitions ${definitions.source} at ${definitions.revision.slice(0, 12)}` : '';
}

function waitingText(waiting: WaitingFor): string {
  switch (waiting.kind) {
    case 'turn':
      return 'waits for its turn: another promotion of this Stage is under way';
    case 'step':
      return `${waiting.step} waits`;
    case 'decision':
      return `held at ${waiting.step}: decide to ${waiting.options.join(', ')}`;
    default:
      return unreachable(waiting);
  }
}

/** A message behind what it is about; its further lines are set in. */
function after(message: string | undefined): string {
  return message ? `: ${message.trimEnd().replaceAll('\n', '\n      ')}` : '';
}
