import { limits } from './limits.ts';
import type { PromotionStatus, StepRecord } from './status.ts';
import { cutText, sizeOfJson } from './size.ts';

/** What the workflow returns: its status, without the outputs, and then without more, when it is too large for a result. */
export function resultOf(status: PromotionStatus): PromotionStatus {
  const isLarge = sizeOfJson(status.state ?? {}) > limits.resultState;
  return reduceTo(limits.result, isLarge ? without(status, 'state') : status);
}

/** The same for the details of a failure, which are smaller still: the least telling parts go first. */
export function failureDetailsOf(status: PromotionStatus): PromotionStatus {
  return reduceTo(limits.failureDetails, resultOf(status));
}

function reduceTo(limit: number, status: PromotionStatus): PromotionStatus {
  let reduced = status;
  for (const reduce of reductions) {
    if (sizeOfJson(reduced) <= limit) return reduced;
    reduced = reduce(reduced);
  }
  return reduced;
}

type Reduction = (status: PromotionStatus) => PromotionStatus;

const reductions: readonly Reduction[] = [
  (status) => withRecords(status, (record) => without(record, 'log')),
  (status) => without(status, 'state'),
  (status) => without(status, 'steps'),
  (status) => withRecords(status, (record) => without(record, 'journal')),
  (status) => withRecords(status, (record) => without(record, 'earlier')),
  (status) => ({ ...status, ...(status.decisions && { decisions: status.decisions.slice(-10) }) }),
  (status) => withRecords(status, (record) => shortened(record, 200)),
  (status) => without(status, 'freight'),
  (status) => ({ ...status, healthChecks: [] }),
  (status) => ({ ...status, commits: status.commits.slice(-10) }),
  (status) => without(status, 'decisions'),
  (status) => without(status, 'pullRequests'),
  (status) => withRecords(status, (record) => without(record, 'message')),
  (status) => ({ ...status, stepExecutionMetadata: [], commits: [], ...cutMessage(status, 4000) }),
];

function without<T extends object>(value: T, key: keyof T & string): T {
  const rest = { ...value };
  delete (rest as Record<string, unknown>)[key];
  return rest;
}

function withRecords(status: PromotionStatus, change: (record: StepRecord) => StepRecord): PromotionStatus {
  return { ...status, stepExecutionMetadata: status.stepExecutionMetadata.map(change) };
}

function shortened(record: StepRecord, maximum: number): StepRecord {
  return { ...record, ...cutMessage(record, maximum) };
}

function cutMessage({ message }: { message?: string }, maximum: number): { message?: string } {
  return message === undefined ? {} : { message: cutText(message, maximum) };
}
