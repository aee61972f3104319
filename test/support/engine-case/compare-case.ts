import { isDeepStrictEqual } from 'node:util';
import { formatDuration } from '../../../src/core/duration.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import type { StepRecord } from '../../../src/core/promotion/status.ts';
import type { PlannedStep } from '../../../src/core/promotion/plan.ts';
import type { EngineCase, ExpectedStep } from './engine-case.ts';
import type { PlayedCase } from './play-case.ts';
import { isSameMessage } from './same-message.ts';

/** How a played case differs from the recorded one, `place: expected …, got …` in each line. */
export function compareCase(engineCase: EngineCase, played: PlayedCase): readonly string[] {
  const { expect } = engineCase;
  if (!played.status) {
    const [first = '', ...rest] = played.refused ?? [];
    return expect.phase === 'Rejected'
      ? []
      : [differs('phase', expect.phase, `Rejected: ${first} (+${rest.length})`)];
  }
  const { status, plan, seen, files } = played;
  const kinds = new Map((plan?.steps ?? []).map(({ alias, uses }) => [alias, uses]));
  const kindOfMessage = kinds.get(
    expect.steps?.find(({ message }) => message === expect.message)?.alias ?? '',
  );
  return [
    ...compare('phase', expect.phase, status.phase),
    ...(isSameMessage(expect.message, status.message, kindOfMessage)
      ? []
      : [differs('message', expect.message, status.message)]),
    ...compare('currentStep', expect.currentStep ?? 0, status.currentStep),
    ...(expect.inflated
      ? compare(
          'inflated',
          expect.inflated,
          plan?.steps.map((step, at) => toInflated(step, expect.inflated?.[at])),
        )
      : []),
    ...compareSteps(expect.steps ?? [], status.stepExecutionMetadata, seen, kinds),
    ...compare('state', expect.state ?? {}, { ...status.state }),
    ...compare('healthChecks', expect.healthChecks ?? [], status.healthChecks),
    ...compare('files', expect.files ?? {}, files),
  ];
}

function compareSteps(
  expected: readonly ExpectedStep[],
  records: readonly StepRecord[],
  seen: PlayedCase['seen'],
  kinds: ReadonlyMap<string, string>,
): readonly string[] {
  const count = compare(
    'steps',
    expected.map(({ alias }) => alias),
    records.map(({ alias }) => alias),
  );
  if (count.length > 0) return count;
  return expected.flatMap((step, index) => {
    const record = records[index]!;
    const place = `steps.${step.alias}`;
    const own = seen.get(step.alias);
    return [
      ...compare(`${place}.status`, step.status, record.status),
      ...(isSameMessage(step.message, record.message, kinds.get(step.alias))
        ? []
        : [differs(`${place}.message`, step.message, record.message)]),
      ...compare(`${place}.errorCount`, step.errorCount ?? 0, record.errorCount),
      ...compare(`${place}.continueOnError`, step.continueOnError ?? false, record.continueOnError),
      ...compare(`${place}.started`, step.started ?? false, record.startedAt !== undefined),
      ...compare(`${place}.finished`, step.finished ?? false, record.finishedAt !== undefined),
      ...compare(`${place}.runs`, step.runs ?? 1, runsOf(own)),
      ...compare(`${place}.config`, step.config, own?.config),
    ];
  });
}

/** A step that refuses its config has run, to Kargo. */
function runsOf(
  { runs, config }: { readonly runs: number; readonly config?: unknown } = { runs: 0 },
): number {
  return config === undefined ? runs : Math.max(runs, 1);
}

/** A planned step in the fields of Kargo's own; of its patience only what was written. */
function toInflated(step: PlannedStep, written: JsonObject = {}): object {
  const { alias, uses, vars, config, continueOnError } = step;
  const { errorThreshold, timeout } = step.retry;
  const retry = {
    ...(errorThreshold > 1 && { errorThreshold }),
    ...(timeout !== undefined && { timeout: formatDuration(timeout) }),
  };
  return {
    as: alias,
    uses,
    ...(Object.keys(config).length > 0 && { config }),
    ...(step.if !== undefined && { if: step.if }),
    ...(continueOnError && { continueOnError }),
    ...(vars.length > 0 && { vars }),
    ...(written['retry'] !== undefined && { retry }),
  };
}

function compare(place: string, expected: unknown, got: unknown): readonly string[] {
  return isDeepStrictEqual(plain(expected), plain(got)) ? [] : [differs(place, expected, got)];
}

/** Numbers by value, and no prototypes. */
function plain(value: unknown): unknown {
  return value === undefined ? undefined : (JSON.parse(JSON.stringify(value)) as unknown);
}

function differs(place: string, expected: unknown, got: unknown): string {
  return `${place}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(got)}`;
}
