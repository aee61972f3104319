import type { ChaosResult } from './run.ts';

/** The last line of a run: counts only. */
export interface ChaosSummary {
  readonly promotions: number;
  readonly succeeded: number;
  readonly kills: number;
  readonly serverRestarts: number;
  readonly duplicateCommits: number;
  readonly duplicatePushes: number;
  readonly duplicateRequests: number;
  readonly lostMerges: number;
  readonly stuckTasks: number;
  readonly leftovers: number;
}

export function summarize(result: ChaosResult): ChaosSummary {
  const { promotions, ends, tally, duplicateCommits, duplicatePushes, stuckTasks, leftovers } = result;
  const { duplicateRequests, lostMerges } = result;
  return {
    promotions,
    succeeded: ends.filter(({ phase }) => phase === 'Succeeded').length,
    kills: (tally['worker killed'] ?? 0) + (tally['worker killed, disk lost'] ?? 0),
    serverRestarts: tally['server killed'] ?? 0,
    duplicateCommits: duplicateCommits.length,
    duplicatePushes: duplicatePushes.length,
    duplicateRequests: duplicateRequests.length,
    lostMerges: lostMerges.length,
    stuckTasks: stuckTasks.length,
    leftovers: leftovers.length,
  };
}

/** Whether everything that was promised has been kept. */
export function isClean(result: ChaosResult): boolean {
  return problemsOf(result).length === 0 && result.ends.length === result.promotions;
}

/** What was done, what was survived, and every single thing that is wrong. */
export function formatReport(result: ChaosResult): string {
  const { tally, faults, seconds, merges, duplicateRequests, lostMerges } = result;
  const rows = [
    ...Object.entries(tally),
    ...Object.entries(faults).map(([name, count]) => [`request ${name.replace('-', ' ')}`, count] as const),
    ['pull requests merged', merges] as const,
    ['duplicateRequests', duplicateRequests.length] as const,
    ['lostMerges', lostMerges.length] as const,
    ['seconds undisturbed', seconds.calm] as const,
    ['seconds in the storm', seconds.stormy] as const,
  ];
  const width = Math.max(...rows.map(([name]) => name.length));
  const table = rows.map(([name, count]) => `${name.padEnd(width)}  ${String(count).padStart(6)}`);
  return [...table, ...problemsOf(result)].join('\n');
}

function problemsOf(result: ChaosResult): readonly string[] {
  const { ends, duplicateCommits, duplicatePushes, stuckTasks, leftovers, differences, accidents } = result;
  const { duplicateRequests, lostMerges } = result;
  const label = (name: string, items: readonly string[]) => items.map((item) => `${name}: ${item}`);
  const failed = ends.filter(({ phase }) => phase !== 'Succeeded');
  return [
    ...failed.map(({ workflowId, message }) => `not succeeded: ${workflowId}: ${message}`),
    ...label('committed twice', duplicateCommits),
    ...label('pushed twice', duplicatePushes),
    ...label('requested twice', duplicateRequests),
    ...label('merge lost', lostMerges),
    ...label('workflow task failed', stuckTasks),
    ...label('left behind', leftovers),
    ...label('not as in the undisturbed run', differences),
    ...label('process', accidents),
  ];
}
