import type { Control } from '../../core/promotion/control.ts';
import type { PromotionStatus } from '../../core/promotion/status.ts';

/** What comes after an update that was accepted, in a sentence. */
export function explainNext(kind: Control, status: PromotionStatus | undefined): string {
  if (status && status.phase !== 'Running' && status.phase !== 'Pending') {
    return `The promotion has ended: ${status.phase}.`;
  }
  // The status was read afterwards: by then another step may be under way.
  const decided = status?.decisions?.findLast((decision) => decision.kind === kind)?.step;
  const step = decided ?? status?.stepExecutionMetadata.at(-1)?.alias;
  const named = step === undefined ? 'The step' : `Step ${JSON.stringify(step)}`;
  switch (kind) {
    case 'abort':
      return 'What runs is stopped; steps marked `if: ${{ always() }}` still run, then it ends as Aborted.';
    case 'retry':
      return status?.paused ? 'The step runs again once the promotion is resumed.' : `${named} runs again.`;
    case 'skip':
      return 'The promotion goes on after the step.';
    case 'pause':
      return status?.stepExecutionMetadata.at(-1)?.status === 'Running'
        ? `${named} goes on; no further one begins until \`gantry resume\`.`
        : 'No step begins until `gantry resume`.';
    case 'resume':
      return 'The promotion goes on.';
    case 'refresh':
      return `${named} looks at once.`;
    default:
      return '';
  }
}

/** An update needs a worker: what that means for the one who asked. */
export function workerNeeded(kind: Control): string {
  const lasting =
    kind === 'abort' ? ' `temporal workflow cancel` is kept until one comes, and aborts as well.' : '';
  return `no worker answered in time. Start one (\`gantry worker\`, \`gantry dev\`), look with \`gantry promotion\`, and repeat it.${lasting}`;
}
