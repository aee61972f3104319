import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { checkExpressionCase, isExpressionCase } from '../test/core/expression/expression-case.ts';

/** Prints the recorded cases that differ: `tsx scripts/conformance.ts FILE.jsonl...` */
const counts = { passed: 0, failed: 0 };
for (const file of process.argv.slice(2)) {
  const lines = readFileSync(file, 'utf8').split('\n');
  for (const [index, line] of lines.entries()) {
    if (line.trim() === '') continue;
    const differences = differencesOf(line);
    counts[differences.length === 0 ? 'passed' : 'failed']++;
    for (const difference of differences) console.log(`${file}:${index + 1}  ${difference}`);
  }
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed > 0 ? 1 : 0;

function differencesOf(line: string): readonly string[] {
  const record: unknown = JSON.parse(line);
  if (isExpressionCase(record)) return checkExpressionCase(record, isDeepStrictEqual);
  return [`no runner for a record with the keys ${Object.keys(record as object).join(', ')}`];
}
