import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/activity';
import { updates } from '../../src/workflows/messages.ts';
import { hang, stepFailure, until, type PromotionRig } from '../support/promotion-rig.ts';
import { createPlan } from '../workflows/scripted-effects.ts';

const files = { place: 'workspace', effect: 'workspace' } as const;

/** The shapes of promotions whose histories are kept, by the name of their file; each returns when it has closed. */
export const shapes: Readonly<Record<string, (rig: PromotionRig) => Promise<WorkflowHandle>>> = {
  async success(rig) {
    const handle = await rig.start({
      plan: createPlan([
        { ...files, alias: 'clone', uses: 'git-clone' },
        { alias: 'never', if: "${{ ctx.stage == 'prod' }}" },
        { ...files, alias: 'push', uses: 'git-push', effect: 'external' },
        { alias: 'wait', uses: 'git-wait-for-pr', place: 'io' },
        { alias: 'asked', if: "${{ secret('s').k == 'x' }}" },
        { ...files, alias: 'clear', uses: 'git-clear' },
        {
          alias: 'say',
          uses: 'compose-output',
          config: { sha: '${{ outputs.push.commit }}' },
          propagates: true,
        },
      ]),
      acts: { push: async () => ({ output: { commit: 'abcdef1' } }) },
      request: { actor: 'alice', timeout: '1h' },
    });
    return closed(handle);
  },

  async failure(rig) {
    const handle = await rig.start({
      plan: createPlan([
        { ...files, alias: 'clone', uses: 'git-clone' },
        { alias: 'check', uses: 'fail' },
        { alias: 'skipped' },
        { alias: 'tell', uses: 'compose-output', if: '${{ failure() }}' },
      ]),
      acts: { check: () => Promise.reject(stepFailure('Failed', 'the tests are red')) },
    });
    return closed(handle);
  },

  async abort(rig) {
    const handle = await rig.start({
      plan: createPlan([
        { ...files, alias: 'clone', uses: 'git-clone' },
        { ...files, alias: 'slow', uses: 'kustomize-build' },
        { alias: 'skipped' },
        { alias: 'tidy', uses: 'compose-output', if: '${{ always() }}' },
      ]),
      acts: { slow: hang },
    });
    await until(() => rig.calls(handle.workflowId).some((call) => call.startsWith('run slow')));
    await handle.executeUpdate(updates.abort, { args: [{ actor: 'ann', reason: 'wrong tag' }] });
    return closed(handle);
  },

  async rebuild(rig) {
    let losses = 0;
    const handle = await rig.start({
      plan: createPlan([
        { ...files, alias: 'clone', uses: 'git-clone' },
        { ...files, alias: 'build', uses: 'kustomize-build' },
      ]),
      disks: [
        { uid: 'disk1', holds: [] },
        { uid: 'disk2', holds: [] },
      ],
      acts: {
        clone: async () => ({ output: { commit: 'c1' } }),
        build: async () => {
          if (losses++ > 0) return undefined;
          throw ApplicationFailure.nonRetryable('no such folder', 'WorkspaceLost');
        },
      },
    });
    return closed(handle);
  },
};

async function closed<T extends WorkflowHandle>(handle: T): Promise<T> {
  await handle.result().catch(() => undefined);
  return handle;
}
