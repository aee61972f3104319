import { formatDuration } from '../../core/duration.ts';
import type { Held, PromotionEvent, StepFinished } from '../events.ts';
import { unreachable } from '../unreachable.ts';
import type { Paint } from './paint.ts';
import { plainText } from './width.ts';
import {
  after,
  decisionText,
  endText,
  heldText,
  planText,
  signs,
  waitingText,
  workerMissing,
} from './words.ts';

/** One event as a line for people, without line end; undefined when it is nothing to them. */
export function formatLine(event: PromotionEvent, paint: Paint): string | undefined {
  switch (event.kind) {
    case 'started':
      return `${paint('bold', 'started')}  ${plainText(event.workflowId)}`;
    case 'planned':
      return `${paint('bold', 'planned')}  ${planText(event)}`;
    case 'step-started':
      return paint('dim', `  · ${plainText(event.step)}`);
    case 'step-trouble':
      return paint(
        'yellow',
        `  ! ${plainText(event.step)}: error ${event.errors}, trying again${after(event.message)}`,
      );
    case 'step-waiting':
      return paint('yellow', `  … ${plainText(event.step)}${after(event.message)}`);
    case 'step-finished':
      return finishedStep(event, paint);
    case 'commit-pushed': {
      const { branch, sha, url, repoURL } = event.commit;
      const [name, place] = [plainText(branch), plainText(url ?? repoURL)];
      return `    ${name} ${paint('cyan', sha.slice(0, 12))} ${place}`;
    }
    case 'waiting':
      return paint('yellow', `  … ${waitingText(event.waitingFor)}`);
    case 'held':
      return paint('yellow', heldLines(event));
    case 'decided':
    case 'paused':
    case 'resumed':
      return paint('bold', `  ${decisionText(event)}`);
    case 'worker-missing':
      return paint('yellow', `  … ${workerMissing}`);
    case 'worker-found':
      return '  a worker answers';
    case 'connection-lost':
      return paint('yellow', `  ! lost the connection to Temporal, trying again${after(event.message)}`);
    case 'connection-restored':
      return '  connected again';
    case 'waiting-over':
      // What comes next says it.
      return undefined;
    case 'finished':
      return endText(event.status, paint);
    case 'refused':
    case 'lost':
      return paint('red', plainText(event.message));
    default:
      return unreachable(event);
  }
}

function heldLines(event: Held): string {
  return [`  … ${heldText(event)}`, ...(event.answers ?? []).map((command) => `      ${command}`)].join('\n');
}

function finishedStep({ step, status, message, duration }: StepFinished, paint: Paint): string {
  const [sign, ink] = signs[status];
  const took = duration === undefined ? '' : ` ${paint('dim', formatDuration(duration))}`;
  const state = status === 'Succeeded' ? '' : `: ${status}`;
  return `  ${paint(ink, sign)} ${plainText(step)}${took}${state}${status === 'Succeeded' ? '' : after(message)}`;
}
