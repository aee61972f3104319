import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { evaluateExpression } from '../../../src/core/expression/expression.ts';
import { createFunctionTable } from '../../../src/core/expression/function.ts';
import { builtins } from '../../../src/core/expression/functions/index.ts';
import { predicates } from '../../../src/core/expression/predicates/index.ts';
import { Dict } from '../../../src/core/expression/values.ts';

const cases = readFileSync(new URL('../../cases/expr-cases.jsonl', import.meta.url), 'utf8');

describe('functions of the expression language', () => {
  for (const { name, summary, example } of [...builtins.values(), ...predicates.values()]) {
    it(`${name}: has a summary, an example that works, and cases`, () => {
      const environment = {
        values: new Dict(new Map()),
        functions: createFunctionTable([]),
        clock: '2025-01-01',
      };
      assert.match(summary, /\.$/);
      assert.ok(example.includes(`${name}(`));
      assert.doesNotThrow(() => evaluateExpression(example, environment));
      assert.ok(cases.includes(`${name}(`), `no recorded case uses ${name}`);
    });
  }
});
