import { isDeepStrictEqual } from 'node:util';
import { compareCase } from './compare-case.ts';
import type { EngineCase } from './engine-case.ts';
import { kargoKinds } from './kargo-kinds.ts';
import type { PlayedCase } from './play-case.ts';

interface Rule {
  readonly reason: string;
  /** Says whether this, and nothing else, makes the case differ. */
  readonly explains: (engineCase: EngineCase, played: PlayedCase, differences: readonly string[]) => boolean;
}

/** Differences that follow from a decision about the engine, whatever the case; each proves that there is no other. */
const rules: readonly Rule[] = [
  {
    reason:
      'an output that reads a secret is refused before anything happens: everybody can see outputs in the history',
    explains: (_, { refused = [] }) =>
      refused.length > 0 && refused.every((text) => /reads a secret/.test(text)),
  },
  {
    reason:
      'kinds of steps, configs and expressions are checked before anything happens: what cannot work is refused with every problem, instead of failing on the way',
    explains: isRefusedEarly,
  },
  {
    reason: 'a time-out ends the step when it is reached, without one more attempt',
    explains: ({ expect }, _, differences) =>
      differences.every((text) =>
        (expect.steps ?? []).some(
          ({ alias, message }) => /timed out/.test(message ?? '') && text.startsWith(`steps.${alias}.runs:`),
        ),
      ),
  },
  {
    reason:
      'outputs stay as the steps returned them: nothing is lost when a promotion is saved during a wait',
    explains: ({ expect }, { status }, differences) =>
      differences.every((text) => text.startsWith('state:')) &&
      isDeepStrictEqual(withoutNulls(expect.state), withoutNulls(status?.state)),
  },
  {
    reason:
      'after an abort the remaining steps are visited, so that those that run always do; what the ended step put out while it waited goes with it',
    explains: ({ events = [] }, { status }, differences) =>
      events.some(({ abort }) => abort !== undefined) &&
      status?.phase === 'Aborted' &&
      differences.every((text) => /^(currentStep|steps|state):/.test(text)),
  },
  {
    reason: 'Freight is read once, when the promotion is planned',
    explains: ({ events = [], expect }) =>
      events.some(({ deleteFreight, revokeFreight }) => deleteFreight || revokeFreight) ||
      (expect.steps?.length === 0 && /^Freight "[^"]*" not found/.test(expect.message ?? '')),
  },
  {
    reason:
      'Freight functions search the Freight of the promotion itself when the Warehouse is not among the definitions',
    explains: ({ expect, promotion }) =>
      /: Warehouse "[^"]*" not found/.test(expect.message ?? '') &&
      (promotion.requestedFreight ?? []).some(
        (name) => !promotion.warehouses.some((one) => one.name === name),
      ),
  },
  {
    reason: 'a reference to a task may have `if`, `continueOnError` and `retry`, and a task may use tasks',
    explains: ({ expect, promotion, tasks }, { status }) =>
      status !== undefined &&
      expect.phase === 'Rejected' &&
      /"(if|retry|continueOnError|task)"/.test(JSON.stringify([promotion.steps, tasks])),
  },
  {
    reason: 'files that were lost are made again, and no step is run a second time for its effects',
    explains: ({ events = [] }) => events.some(({ loseWorkspace }) => loseWorkspace),
  },
  {
    reason: 'the end of a worker ends no promotion',
    explains: ({ events = [] }) => events.some(({ shutdown }) => shutdown),
  },
];

/** The decision that a difference follows from; undefined when there is none. */
export function explainDifference(
  engineCase: EngineCase,
  played: PlayedCase,
  differences: readonly string[],
): string | undefined {
  return rules.find(({ explains }) => explains(engineCase, played, differences))?.reason;
}

/** Refused, but run unchecked it ends as recorded; what cannot even be run must have gone wrong there too. */
function isRefusedEarly(engineCase: EngineCase, { refused, unchecked }: PlayedCase): boolean {
  const { expect } = engineCase;
  if (!refused || expect.phase === 'Rejected') return false;
  if (!unchecked) return isBeyondRunning(refused);
  const differences = compareCase(engineCase, unchecked);
  return differences.length === 0 || explainDifference(engineCase, unchecked, differences) !== undefined;
}

/** What has no meaning even unchecked: a kind that Kargo has not either, a config that is no object. */
function isBeyondRunning(problems: readonly string[]): boolean {
  const kinds = problems.flatMap((text) => /there is no kind of step "([^"]*)"/.exec(text)?.[1] ?? []);
  if (kinds.length > 0) return !kinds.some((kind) => kargoKinds.has(kind));
  return problems.every((text) => /"config" must be an object/.test(text));
}

/** What Kargo's own storage leaves of outputs. */
function withoutNulls(value: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  const kept = Object.entries(value).filter(([, item]) => item !== null);
  return Object.fromEntries(kept.map(([key, item]) => [key, withoutNulls(item)]));
}
