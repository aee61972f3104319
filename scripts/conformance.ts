import { readFileSync } from 'node:fs';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { steps } from '../src/activities/steps/index.ts';
import { messageOf } from '../src/core/errors.ts';
import { checkExpressionCase, idOf, isExpressionCase } from '../test/core/expression/expression-case.ts';
import { type EngineCase, isEngineCase } from '../test/support/engine-case/engine-case.ts';
import { openEngineCases } from '../test/support/engine-case/open-engine-cases.ts';
import { isStepCase, openDecidedStepCases } from '../test/support/decided-step-cases.ts';
import type { StepCase } from '../test/support/step-case.ts';

/**
 * Prints the recorded cases that differ: `npm run conformance -- FILE.jsonl... [--allow FILE]`. Runs expressions,
 * templates, single steps and whole promotions, told by their keys. The file of `--allow` names decided differences by id:
 * those count as passed, but only while they differ, and steps only if they do what was decided instead. A record without
 * an id has its source for one. What the file decides about the engine also holds for promotions it does not name: those
 * are listed with the reason. A promotion that the planner refuses before it begins passes when its steps, run all the
 * same, end as recorded.
 */
const { values, positionals } = parseArgs({ allowPositionals: true, options: { allow: { type: 'string' } } });
const { allowed, reasons } = readAllowed(values.allow && readFileSync(values.allow, 'utf8'));
const counts = { passed: 0, failed: 0 };
const promotions = await openEngineCases();
const stepRuns = openDecidedStepCases(steps);
try {
  for (const file of positionals) await checkFile(file);
} finally {
  await Promise.all([promotions.close(), stepRuns.close()]);
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;

async function checkFile(file: string): Promise<void> {
  const lines = readFileSync(file, 'utf8').split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const differences = await differencesOf(JSON.parse(line));
    counts[differences.length === 0 ? 'passed' : 'failed']++;
    for (const difference of differences) console.log(`${file}:${index + 1}  ${difference}`);
  }
}

async function differencesOf(record: unknown): Promise<readonly string[]> {
  if (isEngineCase(record)) return differencesOfPromotion(record);
  if (isStepCase(record)) return differencesOfStep(record);
  if (!isExpressionCase(record))
    return [`no runner for a record with the keys ${Object.keys(record as object).join(', ')}`];
  const differences = checkExpressionCase(record, isDeepStrictEqual);
  if (!allowed.has(idOf(record))) return differences;
  return differences.length > 0 ? [] : [`does not differ any more: ${idOf(record)}`];
}

async function differencesOfStep(record: StepCase): Promise<readonly string[]> {
  const { id } = record;
  const isDecided = allowed.has(id) && stepRuns.decisionOf(id) !== undefined;
  const run = isDecided ? stepRuns.check(record) : stepRuns.checkRecorded(record);
  const differences = await run.catch((error: unknown) => [messageOf(error)]);
  if (allowed.has(id) && !isDecided) return differences.length > 0 ? [] : [`does not differ any more: ${id}`];
  return differences.map((text) => `${id}: ${text}`);
}

async function differencesOfPromotion(record: EngineCase): Promise<readonly string[]> {
  const { id } = record;
  const { differences, decision = '', runsAsRecorded } = await promotions.check(record);
  if (allowed.has(id)) return differences.length > 0 ? [] : [`does not differ any more: ${id}`];
  if (runsAsRecorded) console.log(`refused before it begins, run all the same as recorded: ${id}`);
  if (differences.length === 0 || runsAsRecorded) return [];
  if (reasons.has(decision)) {
    console.log(`as decided: ${id}: ${decision}`);
    return [];
  }
  return [`${id}: ${differences.join('; ')}${decision && ` (follows from a decision: ${decision})`}`];
}

interface Allowed {
  readonly allowed: ReadonlySet<string>;
  readonly reasons: ReadonlySet<string>;
}

/** Ids of decided differences and their reasons: a JSON list of decisions or of ids, else one id a line. */
function readAllowed(content = ''): Allowed {
  const text = content.trim();
  if (!text.startsWith('[')) return { allowed: new Set(text.split('\n')), reasons: new Set() };
  const list = JSON.parse(text) as readonly (string | { readonly id: string; readonly reason: string })[];
  const decisions = list.filter((item) => typeof item !== 'string');
  return {
    allowed: new Set(list.map((item) => (typeof item === 'string' ? item : item.id))),
    reasons: new Set(decisions.map(({ reason }) => reason)),
  };
}
