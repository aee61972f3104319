import type { WorkflowHandle } from '@temporalio/client';
import { ApplicationFailure } from '@temporalio/activity';
import { pullRequestSignal, statusQuery, updates } from '../../src/workflows/messages.ts';
import { hang, stepFailure, until, type Act, type PromotionRig } from '../support/promotion-rig.ts';
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

  /** The folder is on the worker that has the workflow tasks: they lend it and take it back. */
  async here(rig) {
    const handle = await rig.start({
      plan: createPlan([
        { ...files, alias: 'clone', uses: 'git-clone' },
        { alias: 'wait', uses: 'git-wait-for-pr', place: 'io' },
        { ...files, alias: 'clear', uses: 'git-clear' },
      ]),
      here: true,
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
        clone: async () => ({ output: { commit: 'c1' }, trace: 'a..b' }),
        build: async () => {
          if (losses++ > 0) return undefined;
          throw ApplicationFailure.nonRetryable('no such folder', 'WorkspaceLost');
        },
      },
    });
    return closed(handle);
  },

  async drain(rig) {
    let isOver = false;
    const handle = await rig.start({
      plan: createPlan([
        { ...files, alias: 'clone', uses: 'git-clone' },
        { ...files, alias: 'build', uses: 'kustomize-build' },
      ]),
      disks: [
        { uid: 'disk1', holds: [] },
        { uid: 'disk1', holds: [0] },
        { uid: 'disk2', holds: [] },
      ],
      acts: {
        clone: async () => (isOver ? undefined : { leaving: true }),
        build: async () => {
          if (isOver) return undefined;
          isOver = true;
          throw ApplicationFailure.create({ message: 'shutting down', type: 'WorkerShutdown' });
        },
      },
    });
    return closed(handle);
  },

  async diverged(rig) {
    let losses = 0;
    const handle = await rig.start({
      plan: createPlan([
        { ...files, alias: 'commit', uses: 'git-commit' },
        { ...files, alias: 'push', uses: 'git-push', effect: 'external' },
      ]),
      disks: [
        { uid: 'disk1', holds: [] },
        { uid: 'disk2', holds: [] },
      ],
      acts: {
        commit: async ({ trace }) => {
          if (trace === undefined) return { trace: 'a..b' };
          throw stepFailure('Errored', 'they differ', 'RebuildDiverged');
        },
        push: async () => {
          if (losses++ > 0) return undefined;
          throw ApplicationFailure.nonRetryable('no such folder', 'WorkspaceLost');
        },
      },
    });
    return closed(handle);
  },

  async tolerated(rig) {
    const handle = await rig.start({
      plan: createPlan([
        { alias: 'check', uses: 'http', continueOnError: true },
        { alias: 'tell', uses: 'compose-output', if: "${{ status('check') == 'Failed' }}" },
        { alias: 'go', uses: 'compose-output' },
      ]),
      acts: { check: () => Promise.reject(stepFailure('Failed', 'not found')) },
    });
    return closed(handle);
  },

  async tasks(rig) {
    const handle = await rig.start({
      plan: createPlan([
        { ...files, alias: 'prepare::clone', uses: 'git-clone' },
        { alias: 'prepare::out', uses: 'compose-output', propagates: true },
        { ...files, alias: 'publish::push', uses: 'git-push', effect: 'external' },
        { alias: 'publish::say', uses: 'compose-output', if: "${{ task.outputs.push.commit == 'c1' }}" },
      ]),
      acts: {
        'prepare::out': async () => ({ output: { n: 1 } }),
        'publish::push': async () => ({ output: { commit: 'c1' } }),
      },
    });
    return closed(handle);
  },

  async retry(rig) {
    const handle = await startHeld(rig);
    await handle.executeUpdate(updates.retry, { args: [{ ...ann, step: 'push' }] });
    await held(handle);
    const config = { branch: 'main' };
    await handle.executeUpdate(updates.retry, { args: [{ ...ann, reason: 'typo', config }] });
    return closed(handle);
  },

  async skip(rig) {
    const handle = await startHeld(rig);
    await handle.executeUpdate(updates.skip, { args: [{ ...ann, outputs: { commit: 'c1' } }] });
    return closed(handle);
  },

  async 'held-abort'(rig) {
    const handle = await startHeld(rig);
    await handle.executeUpdate(updates.abort, { args: [ann] });
    return closed(handle);
  },

  async pause(rig) {
    const handle = await rig.start({
      plan: createPlan([
        { ...files, alias: 'clone', uses: 'git-clone' },
        { ...files, alias: 'push', uses: 'git-push', effect: 'external' },
      ]),
      disks: keptOnDisk,
      acts: { clone: waitFor(() => handle.executeUpdate(updates.pause, { args: [ann] })) },
    });
    await until(async () => (await handle.query(statusQuery)).waitingFor?.kind === 'resume');
    await until(() => rig.calls(handle.workflowId).includes('release'));
    await handle.executeUpdate(updates.resume, { args: [ann] });
    return closed(handle);
  },

  async refresh(rig) {
    let looks = 0;
    const handle = await rig.start({
      plan: createPlan([{ alias: 'wait', uses: 'git-wait-for-pr', place: 'io' }]),
      acts: {
        wait: async () => {
          if (looks++ > 0) return undefined;
          throw ApplicationFailure.create({ message: 'open', type: 'NotYet', nextRetryDelay: '1 hour' });
        },
      },
    });
    await until(async () => {
      const { raw } = await handle.describe();
      return raw.pendingActivities?.some(({ lastFailure }) => lastFailure) ?? false;
    });
    await handle.executeUpdate(updates.refresh, { args: [ann] });
    return closed(handle);
  },

  /** Looks again and again, hears two doorbells, and goes on with its files where they are. */
  async waiting(rig) {
    let looks = 0;
    const handle = await rig.start({
      plan: createPlan([
        { ...files, alias: 'clone', uses: 'git-clone' },
        { alias: 'wait', uses: 'git-wait-for-pr', place: 'io' },
        { ...files, alias: 'build', uses: 'kustomize-build' },
      ]),
      disks: keptOnDisk,
      acts: {
        wait: async () => {
          looks += 1;
          if (looks <= 5) throw notYet('10 milliseconds');
          if (looks <= 7) throw notYet('1 hour');
          return { output: { merged: true } };
        },
      },
    });
    for (const seen of [6, 7]) {
      await until(async () => looks === seen && (await isWaiting(handle)));
      await handle.signal(pullRequestSignal, { number: 7 });
    }
    return closed(handle);
  },

  /** Says at commits how it goes, while a step waits. */
  async statuses(rig) {
    const repoURL = 'https://git.test/acme/ops.git';
    const handle = await rig.start({
      plan: {
        ...createPlan([
          { ...files, alias: 'push', uses: 'git-push', effect: 'external' },
          { alias: 'open', uses: 'git-open-pr', place: 'io', effect: 'external' },
          { alias: 'wait', uses: 'git-wait-for-pr', place: 'io' },
        ]),
        commitStatuses: true,
      },
      acts: {
        push: async () => ({ commits: [{ step: 'push', repoURL, branch: 'change', sha: 'c1' }] }),
        open: async () => ({ marks: [{ repoURL, sha: 'c2' }], pullRequests: ['git.test/acme/ops#7'] }),
        wait: async (_run, attempt) => {
          if (attempt > 1) return undefined;
          throw notYet('10 milliseconds');
        },
      },
    });
    return closed(handle);
  },

  /** Begins with one version of Gantry and ends with the next one, but with the interpreter it began with. */
  async 'version-change'(rig) {
    const [handle, goOn] = await startWaiting(rig);
    await rig.upgrade('next');
    await goOn();
    await rig.upgrade('current');
    return closed(handle);
  },

  /** Begins with the next version. */
  async 'next-version'(rig) {
    await rig.upgrade('next');
    const [handle, goOn] = await startWaiting(rig);
    await goOn();
    await closed(handle);
    await rig.upgrade('current');
    return handle;
  },

  /** Bells ring at a step that tells which pull request it waits for. */
  async ring(rig) {
    let looks = 0;
    const handle = await rig.start({
      plan: createPlan([{ alias: 'wait', uses: 'git-wait-for-pr', place: 'io' }]),
      acts: {
        wait: async (_run, _attempt, { client, info }) => {
          const { workflowId } = info.workflowExecution!;
          const watch = 'git.test/acme/ops#7';
          await client.workflow.getHandle(workflowId).signal('pullRequest', { watch });
          if (looks++ > 1) return undefined;
          throw ApplicationFailure.create({ message: 'open', type: 'NotYet', nextRetryDelay: '1 hour' });
        },
      },
    });
    for (const tried of [1, 2]) {
      await until(async () => {
        const { raw } = await handle.describe();
        return looks === tried && Number(raw.pendingActivities?.[0]?.state) === 1;
      });
      await handle.signal('pullRequest', { action: 'closed' });
    }
    return closed(handle);
  },

  async hundred(rig) {
    const handle = await rig.start({
      plan: createPlan(Array.from({ length: 100 }, (_, index) => (index % 2 ? {} : files))),
    });
    return closed(handle);
  },

  /** The first of several histories of one promotion. */
  async long(rig) {
    const handle = await startLong(rig);
    await closed(handle);
    const { events } = await handle.fetchHistory();
    const first = events?.[0]?.workflowExecutionStartedEventAttributes?.firstExecutionRunId ?? '';
    return rig.client.workflow.getHandle(handle.workflowId, first);
  },

  /** The last of them. */
  async continued(rig) {
    const { workflowId } = await closed(await startLong(rig));
    return rig.client.workflow.getHandle(workflowId);
  },
};

/** Shapes that only the next version can replay. */
export const nextShapes: ReadonlySet<string> = new Set(['next-version']);

/** Shapes that need a server which asks for a new history early: after `shortHistory` events. */
export const shortShapes: ReadonlySet<string> = new Set(['long', 'continued']);
export const shortHistory = 60;

const ann = { actor: 'ann' } as const;

/** What claims find: the first nothing, later ones the work of the first step. */
const keptOnDisk = [
  { uid: 'disk1', holds: [] },
  { uid: 'disk1', holds: [0] },
];

async function startHeld(rig: PromotionRig) {
  const handle = await rig.start({
    plan: createPlan([
      { ...files, alias: 'clone', uses: 'git-clone' },
      { ...files, alias: 'push', uses: 'git-push', effect: 'external', config: { branch: 'man' } },
      { alias: 'tell', uses: 'compose-output', if: '${{ failure() }}' },
    ]),
    disks: keptOnDisk,
    acts: {
      push: async ({ config }) => {
        if (config['branch'] === 'main') return { output: { commit: 'c1' } };
        throw stepFailure('Failed', 'no such branch');
      },
    },
    request: { onFailure: 'hold' },
  });
  await held(handle);
  return handle;
}

async function held(handle: WorkflowHandle): Promise<void> {
  await until(async () => (await handle.query(statusQuery)).waitingFor?.kind === 'decision');
}

/** A promotion that waits in its second step, and what ends that. */
async function startWaiting(rig: PromotionRig) {
  let isOpen = false;
  const handle = await rig.start({
    plan: createPlan([
      { alias: 'ask', uses: 'compose-output' },
      { alias: 'wait', uses: 'git-wait-for-pr', place: 'io' },
      { alias: 'say', uses: 'compose-output' },
    ]),
    acts: {
      wait: async () => {
        if (isOpen) return undefined;
        throw notYet('1 hour');
      },
    },
  });
  await until(() => isWaiting(handle));
  const goOn = async () => {
    isOpen = true;
    await handle.signal(pullRequestSignal);
    await handle.result();
  };
  return [handle, goOn] as const;
}

async function isWaiting(handle: WorkflowHandle): Promise<boolean> {
  const { raw } = await handle.describe();
  return raw.pendingActivities?.some(({ lastFailure, state }) => lastFailure && Number(state) === 1) ?? false;
}

function notYet(nextRetryDelay: '1 hour' | '10 milliseconds'): ApplicationFailure {
  return ApplicationFailure.create({ message: 'open', type: 'NotYet', nextRetryDelay });
}

function startLong(rig: PromotionRig) {
  const twelve = Array.from({ length: 12 }, (_, index) => ({ ...files, alias: `s${index}` }));
  return rig.start({
    plan: createPlan([...twelve, { alias: 'last', if: "${{ outputs.s0.n == 1 && status('s1') == 'Succeeded' }}" }]),
    acts: { s0: async () => ({ output: { n: 1 } }) },
    request: { timeout: '1h', actor: 'alice' },
  });
}

/** An act that ends once something else has happened. */
function waitFor(happened: () => Promise<unknown>): Act {
  return async () => {
    await happened();
    return undefined;
  };
}

async function closed<T extends WorkflowHandle>(handle: T): Promise<T> {
  await handle.result().catch(() => undefined);
  return handle;
}
