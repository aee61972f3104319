import type { WorkflowExecutionInfo } from '@temporalio/client';
import { promotionName } from '../core/promotion/name.ts';
import type { Phase, WaitingFor } from '../core/promotion/status.ts';

/** One promotion as a list shows it: what visibility knows. Instants are RFC 3339. */
export interface PromotionRow {
  readonly workflowId: string;
  readonly runId: string;
  /** Absent where neither the workflow id nor search attributes tell what was promoted. */
  readonly name?: string;
  readonly project?: string;
  readonly stage?: string;
  /** The last two are Temporal's: no promotion ends so by itself. */
  readonly phase: Phase | 'Terminated' | 'TimedOut';
  /** Name of the Freight. */
  readonly freight?: string;
  readonly actor?: string;
  readonly startedAt: string;
  readonly finishedAt?: string;
  /** Of one under way, when a worker was there to tell. */
  readonly waitingFor?: WaitingFor;
}

/** What a row is made of. */
export interface Execution extends Pick<
  WorkflowExecutionInfo,
  'workflowId' | 'runId' | 'startTime' | 'closeTime' | 'searchAttributes'
> {
  readonly status: { readonly name: WorkflowExecutionInfo['status']['name'] };
}

/** Search attributes first, since they are true of any id; the id where there are none. */
export function toRow(execution: Execution): PromotionRow {
  const { workflowId, runId, startTime, closeTime } = execution;
  const [, idProject, idStage] = /^promotion\/([^/]+)\/([^/]+)\/[^/]+$/.exec(workflowId) ?? [];
  const project = attributeOf(execution, 'GantryProject') ?? idProject;
  const stage = attributeOf(execution, 'GantryStage') ?? idStage;
  const freight = attributeOf(execution, 'GantryFreight');
  const actor = attributeOf(execution, 'GantryActor');
  const name = nameOf(execution, project, stage, freight);
  return {
    workflowId,
    runId,
    ...(name && { name }),
    ...(project && { project }),
    ...(stage && { stage }),
    phase: phaseOf(execution),
    ...(freight && { freight }),
    ...(actor && { actor }),
    startedAt: startTime.toISOString(),
    ...(closeTime && { finishedAt: closeTime.toISOString() }),
  };
}

/** The short name people use: the promotion's own when its id carries it, else the id that somebody chose. */
export function shortNameOf({ workflowId, name }: Pick<PromotionRow, 'workflowId' | 'name'>): string {
  return name !== undefined && workflowId.endsWith(`/${name}`) ? name : workflowId;
}

/** The part of a derived name that needs nothing but the run: its ULID. */
export function ulidOf({ workflowId, runId, startedAt }: PromotionRow): string {
  const request = { project: '', stage: 'x', freight: '' };
  const parts = { workflowId, firstRunId: runId, startedAt: new Date(startedAt), request };
  return promotionName(parts).split('.')[1] ?? '';
}

function nameOf(
  { workflowId, runId, startTime }: Execution,
  project: string | undefined,
  stage: string | undefined,
  freight: string | undefined,
): string | undefined {
  if (!project || !stage) return undefined;
  const request = { project, stage, freight: freight ?? '' };
  const name = promotionName({ workflowId, firstRunId: runId, startedAt: startTime, request });
  return freight || workflowId.endsWith(`/${name}`) ? name : undefined;
}

/** How the workflow closed is certain; the attribute only tells apart what closes alike. */
function phaseOf(execution: Execution): PromotionRow['phase'] {
  const said = attributeOf(execution, 'GantryPhase');
  switch (execution.status.name) {
    case 'COMPLETED':
      return 'Succeeded';
    case 'CANCELLED':
      return 'Aborted';
    case 'FAILED':
      return said === 'Errored' ? 'Errored' : 'Failed';
    case 'TERMINATED':
      return 'Terminated';
    case 'TIMED_OUT':
      return 'TimedOut';
    default:
      return said === 'Pending' ? 'Pending' : 'Running';
  }
}

function attributeOf({ searchAttributes }: Execution, name: string): string | undefined {
  const value = searchAttributes[name]?.[0];
  return typeof value === 'string' && value !== '' ? value : undefined;
}
