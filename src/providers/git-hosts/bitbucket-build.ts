import { createHash } from 'node:crypto';
import type { CommitStatus } from './git-host.ts';

/** How both editions of Bitbucket call the states of a build. */
export const buildStates = { pending: 'INPROGRESS', success: 'SUCCESSFUL', failure: 'FAILED' } as const;

export function readBuildState(state: string): CommitStatus['state'] {
  if (state === 'SUCCESSFUL') return 'success';
  return state === 'INPROGRESS' ? 'pending' : 'failure';
}

/** The key of a context, of at most 40 characters: a longer one ends in a digest of the whole. */
export function keyOf(context: string): string {
  if (context.length <= longestKey) return context;
  const digest = createHash('sha256').update(context).digest('hex').slice(0, 10);
  return `${context.slice(0, longestKey - digest.length - 1)}-${digest}`;
}

const longestKey = 40;
