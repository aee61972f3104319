import type { Target } from './connect.ts';
import type { PromotionRef } from './promotions.ts';

/** Address of a promotion in the Temporal Web UI, where the UI is known. */
export function webUiOf({ ui, namespace }: Target, { workflowId, runId }: PromotionRef): string | undefined {
  if (!ui) return undefined;
  const path = ['namespaces', namespace, 'workflows', workflowId, runId].filter((part) => part !== undefined);
  return `${ui.replace(/\/$/, '')}/${path.map(encodeURIComponent).join('/')}`;
}

/** How to go on with a promotion that is under way; `follow` is the command that shows it again. */
export function explainDetached(target: Target, ref: PromotionRef, follow: string): string {
  const where = [
    `--address ${target.address}`,
    `--namespace ${target.namespace}`,
    `--workflow-id ${ref.workflowId}`,
  ];
  const ui = webUiOf(target, ref);
  return [
    `The promotion goes on without you: ${ref.workflowId}`,
    `  follow  ${follow}`,
    `  abort   temporal workflow cancel ${where.join(' ')}`,
    ...(ui ? [`  look    ${ui}`] : []),
  ].join('\n');
}
