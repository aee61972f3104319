import { readFileSync } from 'node:fs';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { checkExpressionCase, idOf, isExpressionCase } from '../test/core/expression/expression-case.ts';
import { type EngineCase, isEngineCase } from '../test/support/engine-case/engine-case.ts';
import { openEngineCases } from '../test/support/engine-case/open-engine-cases.ts';

/**
 * Prints the recorded cases that differ: `npm run conformance -- FILE.jsonl... [--allow FILE]`. Runs expressions, templates
 * and whole promotions, told by their keys. The file of `--allow` names decided differences by id: those count as passed,
 * but only while they differ. A record without an id has its source for one. What the file decides about the engine also
 * holds for promotions it does not name: those are listed with the reason. A promotion that the planner refuses before it
 * begins passes when its steps, run all the same, end as recorded.
 */
const { values, positionals } = parseArgs({ allowPositionals: true, options: { allow: { type: 'string' } } });
const { allowed, reasons } = readAllowed(values.allow && readFileSync(values.allow, 'utf8'));
const counts = { passed: 0, failed: 0 };
const promotions = await openEngineCases();
try {
  for (const file of positionals) await checkFile(file);
} finally {
  await promotions.close();
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
  if (!isExpressionCase(record))
    return [`no runner for a record with the keys ${Object.keys(record as object).join(', ')}`];
  const differences = checkExpressionCase(record, isDeepStrictEqual);
  if (!allowed.has(idOf(record))) return differences;
  return differences.length > 0 ? [] : [`does not differ any more: ${idOf(record)}`];
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
