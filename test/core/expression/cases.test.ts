import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { checkExpressionCase, type ExpressionCase } from './expression-case.ts';

/** What differs on purpose: time zones with rules are not known here, and one recorded result is an accident. */
const exceptions = [
  /Europe\/Zurich|America\/(?:New_York|Chicago)/,
  /^array \| map\(array \| findLast\(true\)\)$/,
];

describe('recorded cases of the expression language', () => {
  for (const name of ['expr-cases', 'expr-generated-cases', 'expr-template-cases']) {
    it(`evaluates ${name} as recorded`, () => {
      const differences = casesOf(name).flatMap((record) => checkExpressionCase(record, isDeepStrictEqual));
      assert.deepEqual(differences, []);
    }).timeout(20_000);
  }
});

function casesOf(name: string): readonly ExpressionCase[] {
  const text = readFileSync(new URL(`../../cases/${name}.jsonl`, import.meta.url), 'utf8');
  const records = text
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as ExpressionCase);
  return records.filter(({ expr = '' }) => !exceptions.some((exception) => exception.test(expr)));
}
