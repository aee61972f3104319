import type { Run } from '../core/promotion/scope.ts';
import type { MarkedCommit, StepResult } from '../core/promotion/step-run.ts';
import type { Effects } from './effects.ts';

/** Says of commits that a step brought that the promotion is under way, where the plan asks for it. */
export function markCommits(run: Run, { commits = [], marks = [] }: StepResult, effects: Effects): void {
  if (!run.plan.commitStatuses) return;
  const known = run.marks ?? [];
  const brought = [...commits.map(({ repoURL, sha }) => ({ repoURL, sha })), ...marks];
  const fresh = brought.filter(
    (mark, index) =>
      ![...known, ...brought.slice(index + 1)].some(({ repoURL, sha }) => isSame(mark, { repoURL, sha })),
  );
  if (fresh.length === 0) return;
  run.marks = [...known, ...fresh].slice(-maximumMarks);
  const { identity } = run;
  effects.mark({ identity, commits: fresh, state: 'pending', description: `${identity.name} is under way` });
}

/** Says of all of them how it ended. */
export function markEnd({ marks, identity, status }: Run, effects: Effects): void {
  if (!marks?.length) return;
  const state = status.phase === 'Succeeded' ? 'success' : 'failure';
  const description = `${identity.name}: ${status.phase}`;
  effects.mark({ identity, commits: marks, state, description });
}

const maximumMarks = 20;

function isSame(mark: MarkedCommit, { repoURL, sha }: MarkedCommit): boolean {
  return mark.repoURL === repoURL && mark.sha === sha;
}
