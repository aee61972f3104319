import { readFileSync } from 'node:fs';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { checkExpressionCase, idOf, isExpressionCase } from '../test/core/expression/expression-case.ts';
import { type EngineCase, isEngineCase } from '../test/support/engine-case/engine-case.ts';
import { openEngineCases } from '../test/support/engine-case/open-engine-cases.ts';

/**
 * Prints the recorded cases that differ: `npm run conformance -- FILE.jsonl... [--allow FILE]`. Runs expressions, templates
 * and whole promotions, told by their keys. The file of `--allow` names decided differences by id: those count as passed,
 * but only while they differ. A record without an id has its source for one. Promotions may also differ where that follows
 * from a decision about the engine: those are listed with the decision.
 */
const { values, positionals } = parseArgs({ allowPositionals: true, options: { allow: { type: 'string' } } });
const decisionsOfEngine = new URL('../test/cases/decided-engine-differences.json', import.meta.url);
const allowed = readAllowed(values.allow && readFileSync(values.allow, 'utf8'));
const allowedPromotions = new Set([...allowed, ...readAllowed(readFileSync(decisionsOfEngine, 'utf8'))]);
const counts = { passed: 0, decided: 0, failed: 0 };
const promotions = await openEngineCases();
try {
  for (const file of positionals) await checkFile(file);
} finally {
  await promotions.close();
}
const decided = counts.decided > 0 ? ` (${counts.decided} of them decided otherwise)` : '';
console.log(`${counts.passed} passed${decided}, ${counts.failed} failed`);
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
  const { differences, decision } = await promotions.check(record);
  const isAllowed = allowedPromotions.has(record.id);
  if (differences.length === 0) return isAllowed ? [`does not differ any more: ${record.id}`] : [];
  if (!isAllowed && decision === undefined) return differences.map((text) => `${record.id}: ${text}`);
  counts.decided++;
  if (!isAllowed) console.log(`as decided: ${record.id}: ${decision}`);
  return [];
}

/** Ids of decided differences: a JSON list of them or of decisions, else one a line. */
function readAllowed(content = ''): ReadonlySet<string> {
  const text = content.trim();
  if (!text.startsWith('[')) return new Set(text.split('\n'));
  const list = JSON.parse(text) as readonly (string | { readonly id: string })[];
  return new Set(list.map((decision) => (typeof decision === 'string' ? decision : decision.id)));
}
