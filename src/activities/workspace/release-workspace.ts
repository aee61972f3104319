import type { ReleaseCall } from '../../core/promotion/calls.ts';
import type { Workspaces } from './workspaces.ts';

/** Activity that takes the lease of a folder back, and deletes the folder when the promotion needs it no more. */
export function createRelease(workspaces: Workspaces): (call: ReleaseCall) => Promise<void> {
  return (call) => workspaces.release(call);
}
