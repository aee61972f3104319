import { readdir, readFile } from 'node:fs/promises';
import type { Client } from '@temporalio/client';
import { pushesTo, subjectsOf, treesOf, type Remotes } from './remotes.ts';

/** What must not be: what happened twice, and trees that are not as they should be. */
export interface Evidence {
  readonly duplicateCommits: readonly string[];
  readonly duplicatePushes: readonly string[];
  readonly differences: readonly string[];
}

/** Compares repositories after a storm with those of an undisturbed run. */
export function findEvidence(stormy: Remotes, calm: Remotes): Evidence {
  return {
    duplicateCommits: [...stormy].flatMap(([name, repository]) => {
      const branches = repository.git('for-each-ref', '--format=%(refname:short)', 'refs/heads').split('\n');
      return branches.flatMap((branch) =>
        duplicatesOf(subjectsOf(repository, [branch])).map((subject) => `${name} ${branch}: ${subject}`),
      );
    }),
    duplicatePushes: [...stormy].flatMap(([name, repository]) => {
      const brought = pushesTo(repository).flatMap(({ branch, subjects }) =>
        (subjects.length > 0 ? subjects : ['nothing']).map((subject) => `${name} ${branch}: ${subject}`),
      );
      return duplicatesOf(brought);
    }),
    differences: differencesOf(treesOf(stormy), treesOf(calm)),
  };
}

function duplicatesOf(items: readonly string[]): readonly string[] {
  return items.filter((item, index) => items.indexOf(item) < index);
}

function differencesOf(
  found: ReadonlyMap<string, string>,
  wanted: ReadonlyMap<string, string>,
): readonly string[] {
  const names = new Set([...found.keys(), ...wanted.keys()]);
  return [...names].filter((name) => found.get(name) !== wanted.get(name)).sort();
}

/** Workflow tasks of these promotions that failed, other than because of news that came in the last moment. */
export async function findStuckTasks(
  client: Client,
  workflowIds: readonly string[],
): Promise<readonly string[]> {
  const found: string[] = [];
  for (const workflowId of workflowIds) {
    const { events } = await client.workflow.getHandle(workflowId).fetchHistory();
    for (const { workflowTaskFailedEventAttributes: failed } of events ?? []) {
      if (failed && Number(failed.cause) !== unhandledCommand)
        found.push(`${workflowId}: ${failed.failure?.message ?? failed.cause}`);
    }
  }
  return found;
}

/** WORKFLOW_TASK_FAILED_CAUSE_UNHANDLED_COMMAND. */
const unhandledCommand = 1;

/** Processes that work for a worker whose disk is below the folder. */
export async function findOrphans(folder: string): Promise<readonly string[]> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(
    pids.map(async (pid) => {
      const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
      if (Number(pid) === process.pid || !environment.includes(`HOME=${folder}/worker-`)) return [];
      const command = await readFile(`/proc/${pid}/cmdline`, 'utf8').catch(() => '');
      return command ? [`process ${pid}: ${command.replaceAll('\0', ' ').slice(0, 200)}`] : [];
    }),
  );
  return found.flat();
}
