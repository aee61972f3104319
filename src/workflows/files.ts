import type { WorkspaceClaim } from '../core/promotion/step-run.ts';

/** The files of a promotion: where they are, and how often they were lost. */
export interface Files {
  /** The folder on loan now. */
  claim?: WorkspaceClaim;
  /** The disk that had them last. */
  uid?: string;
  /** Whether that disk counts us among its users. */
  isLeased: boolean;
  generation: number;
  /** Its worker said that it ends: it may soon be back. */
  isHandedOver?: boolean;
  /** Since a step ended last. */
  losses: number;
  /** What each step by its index told of the files that it made. */
  traces?: Readonly<Record<number, string>>;
  /** Index of the step that people have to allow to be run once more: it changes files, and may do harm. */
  asksFor?: number;
  /** Those that they allowed. */
  allowed?: readonly number[];
}

/** Files of a promotion that has none yet. */
export function createFiles(): Files {
  return { isLeased: false, generation: 0, losses: 0 };
}
