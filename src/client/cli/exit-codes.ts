import type { PromotionStatus } from '../../core/promotion/status.ts';

/** What the shell learns; the same for every command. */
export const exitCodes = {
  succeeded: 0,
  failed: 1,
  /** Wrong usage, or definitions, Freight or a promotion that cannot be used. */
  invalid: 2,
  aborted: 3,
  unreachable: 4,
  /** The promotion is held, and nobody is at a terminal to decide. */
  held: 5,
  /** `--timeout` passed; the promotion goes on. */
  timeout: 6,
  /** Ctrl-C; the promotion goes on. */
  interrupted: 130,
} as const;

/** The exit code of a promotion that is over. */
export function exitCodeOf({ phase }: Pick<PromotionStatus, 'phase'>): number {
  if (phase === 'Succeeded') return exitCodes.succeeded;
  return phase === 'Aborted' ? exitCodes.aborted : exitCodes.failed;
}
