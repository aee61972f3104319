import type { ReleaseCall } from '../../core/promotion/calls.ts';
import { notHereFailure } from '../step-failure.ts';
import type { Workspaces } from './workspaces.ts';

/** Activity that takes the lease of a folder back, and deletes the folder when the promotion needs it no more. */
export function createRelease(workspaces: Workspaces): (call: Omit<ReleaseCall, 'uid'>) => Promise<void> {
  return (call) => workspaces.release(call);
}

/** The same as a local activity, asked first: fails as `NotHere` for a folder on another disk. */
export function createReleaseHere(workspaces: Workspaces): (call: ReleaseCall) => Promise<void> {
  return async (call) => {
    if (call.uid !== workspaces.uid) throw notHereFailure(`the folder is on worker ${call.uid}`);
    await workspaces.release(call);
  };
}
