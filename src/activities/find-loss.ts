import { WorkspaceLost } from '../core/errors.ts';
import type { EnteredWorkspace } from './workspace/workspaces.ts';

/** Why an error may be no fault of the step: somebody took its files away. */
export async function findLoss(workspace: EnteredWorkspace | undefined): Promise<WorkspaceLost | undefined> {
  try {
    await workspace?.check();
    return undefined;
  } catch (error) {
    return error instanceof WorkspaceLost ? error : undefined;
  }
}
