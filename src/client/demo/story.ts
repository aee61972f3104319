import { relative } from 'node:path';
import type { Phase } from '../../core/promotion/status.ts';
import type { Target } from '../connect.ts';

/** What the demo did, as programs read it. */
export interface DemoResult {
  /** The worst of the promotions. */
  readonly phase: Phase;
  readonly promotions: readonly DemoPromotion[];
  readonly commits: readonly DemoCommit[];
  /** A file URL; the repository stays. */
  readonly repository: string;
  /** The Temporal Web UI. */
  readonly url: string;
}

export interface DemoPromotion {
  readonly stage: string;
  readonly workflowId: string;
  readonly runId: string;
  readonly phase: Phase;
}

export interface DemoCommit {
  readonly stage: string;
  readonly branch: string;
  readonly sha: string;
}

/** The worst phase wins; without a promotion nothing succeeded. */
export function worstPhase(phases: readonly Phase[]): Phase {
  return order.findLast((phase) => phases.includes(phase)) ?? 'Errored';
}

const order: readonly Phase[] = ['Succeeded', 'Running', 'Pending', 'Aborted', 'Failed', 'Errored'];

/** The beginning of a diff: enough to see what was promoted. */
export function shortenDiff(diff: string, maximum = 24): string {
  const lines = diff.split('\n').filter((line) => !/^(index|diff --git|---|\+\+\+|new file) ?/.test(line));
  const shown = lines.slice(0, maximum).map((line) => `  ${line}`.trimEnd());
  return [...shown, ...(lines.length > maximum ? [`  … ${lines.length - maximum} more lines`] : [])].join(
    '\n',
  );
}

/** Where the user can go from here. */
export interface NextSteps {
  readonly target: Target;
  readonly result: DemoResult;
  /** Folder of the examples. */
  readonly examples: string;
  readonly cwd: string;
}

/** Commands that work as they stand, in the folder the demo was started in. */
export function explainNextSteps({ target, result, examples, cwd }: NextSteps): string {
  const near = relative(cwd, examples) || '.';
  const gantry = near === 'examples' ? './bin/gantry' : 'gantry';
  const last = result.promotions.at(-1)?.workflowId ?? '';
  return [
    'Try next:',
    `  ${gantry} promote --project demo --stage test --freight ${near}/demo/freight.yaml \\`,
    `    --definitions ${near}/demo/pipelines --var repoURL=${result.repository}`,
    `  temporal workflow show --address ${target.address} --workflow-id ${last}`,
    `  temporal workflow start --address ${target.address} --type promotion --task-queue gantry \\`,
    `    --input-file ${near}/promotion-inline.json`,
    `Repository: ${result.repository}`,
    `Web UI:     ${result.url}`,
  ].join('\n');
}
