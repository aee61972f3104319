import type { JsonObject } from '../../json.ts';
import type { Problem } from '../../problem.ts';
import type { InflatedStep } from '../inflate.ts';
import type { SourceStage } from '../parse-stage.ts';
import type { SourceTask } from '../parse-task.ts';
import { findFreeText } from './free-text.ts';
import { findLineBreaks } from './line-breaks.ts';
import { findUnknownOutputs, findUnknownTaskOutputs } from './unknown-outputs.ts';
import { findUnknownVars } from './unknown-vars.ts';
import { findUnreachable } from './unreachable-steps.ts';
import { findUnreadAliases, readAliases } from './unread-aliases.ts';
import { findUnusedStageVars, findUnusedTaskVars } from './unused-vars.ts';

/** A Stage, its steps with those of tasks, and how tasks are found. */
export interface StageToLint {
  readonly stage: SourceStage;
  readonly steps: readonly InflatedStep[];
  readonly findTask: (step: SourceStage['steps'][number]) => SourceTask | undefined;
}

/** What is allowed in a well-formed Stage, but most likely not meant. All are warnings. */
export function lintStage({ stage, steps, findTask }: StageToLint): readonly Problem[] {
  const verification = (stage.manifest.body['spec'] as JsonObject | undefined)?.['verification'] ?? null;
  return [
    ...findUnusedStageVars(stage, steps, findTask, verification),
    ...findUnknownVars(stage.vars, steps),
    ...findUnknownOutputs(steps),
    ...findUnreadAliases(
      stage.steps,
      readAliases(
        steps.map(({ source }) => source),
        stage.vars,
      ),
      'outputs',
    ),
    ...findUnreachable(steps),
    ...findLineBreaks(stage.vars, steps),
    ...findFreeText(stage.vars, steps),
  ].map(toWarning);
}

/** The same for a task; `readByStages` are the aliases that Stages read, of its steps too. */
export function lintTask(task: SourceTask, readByStages: ReadonlySet<string>): readonly Problem[] {
  const steps = task.steps.map((source) => ({
    source,
    alias: source.alias,
    vars: source.vars,
    references: [],
  }));
  const read = new Set([...readAliases(task.steps, task.vars), ...readByStages]);
  return [
    ...findUnusedTaskVars(task),
    ...findUnknownTaskOutputs(task.steps),
    ...findUnreadAliases(task.steps, read, 'task.outputs'),
    ...findUnreachable(steps),
    ...findLineBreaks(task.vars, steps),
    ...findFreeText(task.vars, steps),
  ].map(toWarning);
}

function toWarning({ message, place }: Problem): Problem {
  return { message, place, severity: 'warning' };
}
