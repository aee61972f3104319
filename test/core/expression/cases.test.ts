import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { isDeepStrictEqual } from 'node:util';
import { checkExpressionCase, idOf, type ExpressionCase } from './expression-case.ts';

const decided = new Set(
  (readJson('decided-expression-differences.json') as { readonly id: string }[]).map(({ id }) => id),
);

describe('recorded cases of the expression language', () => {
  const differing = new Set<string>();
  for (const name of ['expr-cases', 'expr-generated-cases', 'expr-template-cases']) {
    it(`evaluates ${name} as recorded`, () => {
      const differences = casesOf(name).flatMap((record) => {
        const found = checkExpressionCase(record, isDeepStrictEqual);
        if (!decided.has(idOf(record))) return found;
        if (found.length > 0) differing.add(idOf(record));
        return [];
      });
      assert.deepEqual(differences, []);
    }).timeout(20_000);
  }

  it('keeps no decision that is no longer needed, and at most five', () => {
    assert.deepEqual(differing, decided);
    assert.ok(decided.size <= 5);
  });
});

function casesOf(name: string): readonly ExpressionCase[] {
  return read(`${name}.jsonl`)
    .split('\n')
    .filter(Boolean)
    .map((line) => JSON.parse(line) as ExpressionCase);
}

function readJson(name: string): unknown {
  return JSON.parse(read(name));
}

function read(name: string): string {
  return readFileSync(new URL(`../../cases/${name}`, import.meta.url), 'utf8');
}
