import { readFileSync } from 'node:fs';
import { isDeepStrictEqual, parseArgs } from 'node:util';
import { checkExpressionCase, idOf, isExpressionCase } from '../test/core/expression/expression-case.ts';

/**
 * Prints the recorded cases that differ: `npm run conformance -- FILE.jsonl... [--allow FILE]`. The file of `--allow` names
 * decided differences by id: those count as passed, but only while they differ. A record without an id has its source for one.
 */
const { values, positionals } = parseArgs({ allowPositionals: true, options: { allow: { type: 'string' } } });
const allowed = readAllowed(values.allow);
const counts = { passed: 0, failed: 0 };
for (const file of positionals) {
  const lines = readFileSync(file, 'utf8').split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const differences = differencesOf(JSON.parse(line));
    counts[differences.length === 0 ? 'passed' : 'failed']++;
    for (const difference of differences) console.log(`${file}:${index + 1}  ${difference}`);
  }
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;

function differencesOf(record: unknown): readonly string[] {
  if (!isExpressionCase(record))
    return [`no runner for a record with the keys ${Object.keys(record as object).join(', ')}`];
  const differences = checkExpressionCase(record, isDeepStrictEqual);
  if (!allowed.has(idOf(record))) return differences;
  return differences.length > 0 ? [] : [`does not differ any more: ${idOf(record)}`];
}

/** Ids of decided differences: a JSON list of them or of decisions, else one a line. */
function readAllowed(file: string | undefined): ReadonlySet<string> {
  const text = file === undefined ? '' : readFileSync(file, 'utf8').trim();
  if (!text.startsWith('[')) return new Set(text.split('\n'));
  const list = JSON.parse(text) as readonly (string | { readonly id: string })[];
  return new Set(list.map((decision) => (typeof decision === 'string' ? decision : decision.id)));
}
