import { defineStep, type StepDefinition, type StepOutcome } from '../../../src/activities/define-step.ts';
import { steps as realSteps } from '../../../src/activities/steps/index.ts';
import { NotYet, TerminalError, TransientError } from '../../../src/core/errors.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { list, object, string } from '../../../src/core/schema/describe.ts';
import type { ScriptedResult } from './engine-case.ts';
import { kargoKinds } from './kargo-kinds.ts';

/** What the steps of a case act on. */
export interface CaseScript {
  /** The next result of a scripted step. */
  next(alias: string): ScriptedResult;
  /** The outputs so far. */
  state(): JsonObject;
  setMetadata(kind: string, name: string, values: JsonObject): void;
}

/** The script of a promotion, by its name. */
export type ScriptOf = (promotion: string) => CaseScript;

/** Every kind a case may use: the real ones, the scripted ones, and `set-metadata` over the world in memory. */
export function caseSteps(script: ScriptOf): readonly StepDefinition[] {
  const own = [
    scripted('scripted', script),
    scripted('scripted-defaults', script, { timeout: 5 * 60_000, errorThreshold: 3 }),
    scripted('scripted-propagating', script, { propagates: true }),
    setMetadata(script),
  ];
  const names = own.map(({ kind }) => kind);
  return [...realSteps.filter(({ kind }) => !names.includes(kind)), ...own];
}

/** Says whether a case of this kind can be played: it is built, or does not exist in Kargo either. */
export function isBuilt(kind: string): boolean {
  return !kargoKinds.has(kind) || kind === 'set-metadata' || realSteps.some((step) => step.kind === kind);
}

function scripted(kind: string, scriptOf: ScriptOf, traits: Partial<StepDefinition> = {}): StepDefinition {
  return {
    kind,
    summary: 'A step that does what its script says.',
    place: 'anywhere',
    effect: 'none',
    repeatable: true,
    config: object({}, { additionalProperties: true }),
    examples: [],
    ...traits,
    run: async (_config, { alias, promotion }) => {
      const script = scriptOf(promotion.name);
      return act(kind, script.next(alias), script);
    },
  };
}

/** Kargo's steps return a status beside an error; ours return or throw. */
function act(kind: string, result: ScriptedResult, script: CaseScript): StepOutcome {
  const { status = 'Succeeded', message = '', error, terminal, panic, healthCheck } = result;
  const output = result.echoState ? { state: script.state() } : result.output;
  const remains = { ...(output && { output }) };
  if (panic !== undefined) throw new Error(`step panicked: ${panic}`);
  if (error !== undefined || status === 'Errored') {
    const ending = { status: status === 'Failed' ? ('Failed' as const) : ('Errored' as const), ...remains };
    if (terminal) throw new TerminalError(error ?? message, ending);
    throw new TransientError(error ?? message, ending);
  }
  if (status === 'Running' || status === 'Aborted') {
    // Nobody waits longer than he must: the pauses of the cases are those of another engine.
    throw new NotYet(message, 1, output);
  }
  if (status === 'Failed') throw new TransientError(message, { status, ...remains });
  return {
    status: status as 'Succeeded',
    ...remains,
    ...(message && { message }),
    ...(healthCheck && { healthCheck: { uses: kind, config: healthCheck } }),
  };
}

function setMetadata(scriptOf: ScriptOf): StepDefinition {
  const values = object({}, { additionalProperties: true });
  const update = object({ kind: string('What it is of.'), name: string('Its name.'), values });
  return defineStep({
    kind: 'set-metadata',
    summary: 'Writes metadata of Freight and Stages.',
    place: 'anywhere',
    effect: 'external',
    repeatable: true,
    config: object({ updates: list('What to write.', update) }),
    examples: [],
    run({ updates }, { promotion }) {
      const script = scriptOf(promotion.name);
      for (const { kind, name, values } of updates) script.setMetadata(kind, name, values as JsonObject);
      return Promise.resolve({});
    },
  });
}
