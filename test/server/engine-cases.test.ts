import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Client } from '@temporalio/client';
import { createCatalogue } from '../../src/activities/catalogue.ts';
import type { StepDefinition } from '../../src/activities/define-step.ts';
import { createPlanActivity } from '../../src/activities/plan.ts';
import type { Json } from '../../src/core/json.ts';
import { queues } from '../../src/core/promotion/calls.ts';
import { createOutputs } from '../../src/core/promotion/outputs.ts';
import type { Run } from '../../src/core/promotion/scope.ts';
import { manifestsOf, requestOf } from '../support/engine-case/case-request.ts';
import { caseSteps } from '../support/engine-case/case-steps.ts';
import { compareCase } from '../support/engine-case/compare-case.ts';
import { kindsOf, type EngineCase, type ScriptedResult } from '../support/engine-case/engine-case.ts';
import { useTemporalServer } from '../support/temporal-server.ts';
import { startRig, type WorkerRig } from './worker-rig.ts';

/** How many of the recorded promotions also run for real. */
const count = 40;
/** They take what a heartbeat keeps from one look to the next. */
const withMemory = ['out-self-on-retry', 'retry-config-evaluated-again', 'retry-config-breaks-later'];
const decided = new Set(
  (JSON.parse(read('decided-engine-differences.json')) as { id: string }[]).map(({ id }) => id),
);
const cases = pick(readCases());
const scripts = new Map(cases.map(({ id, scripted }) => [id, resultsOf(scripted)]));
const seen = new Map<string, Map<string, { runs: number; config?: Json }>>();

describe('recorded promotions on a real server', function () {
  this.timeout(60_000);
  let rig: WorkerRig;
  let client: Client;
  const folder = mkdtempSync(join(tmpdir(), 'gantry-cases-'));
  const ended = new Map<string, Promise<Run['status'] | readonly string[]>>();

  before(async () => {
    const server = await useTemporalServer();
    client = await server.client();
    const steps = observed(caseSteps((promotion) => scriptOf(promotion)));
    const plan = createPlanActivity({
      catalogue: createCatalogue(steps),
      searchAttributes: [],
      tools: {},
      allowInlineSteps: false,
    });
    rig = await startRig(server, folder, steps, { plan });
    for (const engineCase of cases) ended.set(engineCase.id, promote(client, engineCase));
  });
  after(async () => {
    await Promise.allSettled(ended.values());
    await rig.stop(true);
    rmSync(folder, { recursive: true, force: true });
  });

  it('are many, of every family that needs nothing but the engine', () => {
    assert.equal(cases.length, count);
  });

  for (const engineCase of cases) {
    it(`${engineCase.id}: ${engineCase.why}`, async () => {
      const end = await ended.get(engineCase.id)!;
      const own = seen.get(engineCase.id) ?? new Map<string, { runs: number; config?: Json }>();
      const played = Array.isArray(end)
        ? { refused: end as readonly string[], seen: own, files: {} }
        : { status: end as Run['status'], seen: own, files: {} };
      // The plan itself is not told: what was put in for tasks shows in what ran.
      const { inflated: _, ...expect } = engineCase.expect;
      assert.deepEqual(compareCase({ ...engineCase, expect }, played), []);
    });
  }
});

/** The status a promotion ended with, or what it was refused with. */
async function promote(client: Client, engineCase: EngineCase): Promise<Run['status'] | readonly string[]> {
  const { project, stage } = engineCase.promotion;
  const handle = await client.workflow.start('promotion', {
    taskQueue: queues.main,
    workflowId: `promotion/${project}/${stage}/${engineCase.id}`,
    args: [{ ...requestOf(engineCase), definitions: manifestsOf(engineCase) }],
  });
  await handle.result().catch(() => undefined);
  const status = await handle.query<Run['status']>('status');
  const message = status.message ?? '';
  if (message.startsWith('Invalid promotion')) return [message];
  return { ...status, state: Object.assign(createOutputs(), status.state) };
}

function scriptOf(promotion: string) {
  const results = scripts.get(promotion)!;
  return {
    next(alias: string): ScriptedResult {
      const list = results.get(alias) ?? [];
      return (list.length > 1 ? list.shift() : list[0]) ?? {};
    },
    state: () => ({}),
    setMetadata: () => undefined,
  };
}

function resultsOf(scripted: EngineCase['scripted']): Map<string, ScriptedResult[]> {
  return new Map(Object.entries(scripted).map(([alias, list]) => [alias, [...list]]));
}

/** The same steps; they note what they were given. */
function observed(steps: readonly StepDefinition[]): readonly StepDefinition[] {
  return steps.map((step) => ({
    ...step,
    run(config, world) {
      const own = seen.get(world.promotion.name) ?? new Map<string, { runs: number; config?: Json }>();
      seen.set(world.promotion.name, own);
      own.set(world.alias, { runs: (own.get(world.alias)?.runs ?? 0) + 1, config });
      return step.run(config, world);
    },
  }));
}

/** Some of each family, in turns. */
function pick(all: readonly EngineCase[]): readonly EngineCase[] {
  const families = new Map<string, EngineCase[]>();
  for (const one of all.filter(isPlain)) {
    const family = one.id.slice(0, one.id.indexOf('-'));
    families.set(family, [...(families.get(family) ?? []), one]);
  }
  const inTurns = [...families.values()].flatMap((list) => list.map((one, turn) => ({ one, turn })));
  return inTurns
    .map(({ one, turn }) => ({ one, turn: withMemory.includes(one.id) ? 0 : turn }))
    .toSorted((a, b) => a.turn - b.turn)
    .slice(0, count)
    .map(({ one }) => one);
}

/** Needs nothing but steps: no world to look things up in, no events, no files; and ends as Kargo's did. */
function isPlain(one: EngineCase): boolean {
  const { configMaps, secrets, freightMetadata, stageMetadata } = one.promotion;
  const isScripted = [...kindsOf(one)].every((kind) => /^(compose-output|fail|scripted.*)$/.test(kind));
  const looksUp = [configMaps, secrets, freightMetadata, stageMetadata].some((part) => part !== undefined);
  const isOfTheEngine = !/\bctx\b|echoState/.test(JSON.stringify([one.promotion, one.scripted]));
  return isScripted && !looksUp && isOfTheEngine && !one.events && !decided.has(one.id);
}

function readCases(): readonly EngineCase[] {
  return read('engine-cases.jsonl')
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as EngineCase);
}

function read(file: string): string {
  return readFileSync(new URL(`../cases/${file}`, import.meta.url), 'utf8');
}
