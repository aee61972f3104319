import { workflowInfo } from '@temporalio/workflow';
import { nearest } from '../core/did-you-mean.ts';
import { createFailure } from './close.ts';

/** Stands in for workflow types that do not exist: without it such a start would hang, and say nothing. */
export async function explainUnknownType(): Promise<never> {
  const { workflowType } = workflowInfo();
  const known = ['promotion'];
  const guess = nearest(workflowType, known);
  const advice = guess
    ? `did you mean "${guess}"?`
    : `there is only ${known.map((type) => `"${type}"`).join(', ')}`;
  throw createFailure('UnknownWorkflowType', `Unknown workflow type "${workflowType}": ${advice}`);
}
