import type { Target } from './connect.ts';
import type { PromotionRef } from './promotions.ts';

/** Address of a promotion in the Temporal Web UI, where the UI is known. */
export function webUiOf({ ui, namespace }: Target, { workflowId, runId }: PromotionRef): string | undefined {
  if (!ui) return undefined;
  const path = ['namespaces', namespace, 'workflows', workflowId, runId].filter((part) => part !== undefined);
  return `${ui.replace(/\/$/, '')}/${path.map(encodeURIComponent).join('/')}`;
}

/** How to go on with a promotion that is under way, by the commands that show it again and that end it. */
export function explainDetached(
  target: Target,
  ref: PromotionRef,
  { follow, abort }: { readonly follow: string; readonly abort: string },
): string {
  const ui = webUiOf(target, ref);
  return [
    `The promotion goes on without you: ${ref.workflowId}`,
    `  follow  ${follow}`,
    `  abort   ${abort} --reason TEXT`,
    ...(ui ? [`  look    ${ui}`] : []),
  ].join('\n');
}
