import { boolean, optional, string } from '../core/schema/describe.ts';
import type { StepWorld } from './define-step.ts';

/** Fields of a config that say what is pushed, and to which branch. */
export const targetFields = {
  path: string('Work tree to push.', { minLength: 1 }),
  targetBranch: optional(string('Branch of the remote; default the one that is checked out.')),
  generateTargetBranch: optional(
    boolean(
      'Pushes to a branch of this promotion, `kargo/promotion/<promotion>`, overwriting it. A project names it otherwise ' +
        'with `spec.generatedBranch` of its ProjectConfig, for instance ' +
        '`kargo/${{ ctx.project }}/${{ ctx.stage }}/promotion`.',
      { default: false },
    ),
  ),
};

interface TargetConfig {
  readonly targetBranch?: string | undefined;
  readonly generateTargetBranch?: boolean | undefined;
  readonly force?: boolean | undefined;
}

/** The branch these fields name, undefined for the one that is checked out, and whether it is overwritten. */
export function targetOf(
  { targetBranch, generateTargetBranch = false, force = false }: TargetConfig,
  { promotion, generatedBranch = `kargo/promotion/${promotion.name}` }: StepWorld,
): { readonly target?: string; readonly force: boolean } {
  const target = generateTargetBranch ? generatedBranch : targetBranch?.trim();
  return { ...(target && { target }), force: force || generateTargetBranch };
}
