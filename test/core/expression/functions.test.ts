import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { listFunctions } from '../../../scripts/generate/function-page.ts';
import { evaluateExpression } from '../../../src/core/expression/expression.ts';

const page = readFileSync(new URL('../../../docs/functions.md', import.meta.url), 'utf8');

describe('functions of the expression language', () => {
  for (const { title, functions } of listFunctions()) {
    for (const { name, signature, summary, example, environment } of functions) {
      it(`${title}: ${signature} has a summary, an example that works, and a place on the page`, () => {
        assert.match(summary, /^[A-Z`].*\.$/);
        assert.ok(example.includes(`${name}(`));
        assert.notEqual(evaluateExpression(example, environment), null);
        assert.ok(page.includes(`### \`${signature}\`\n\n${summary}\n\n\`\`\`text\n${example}\n`));
      });
    }
  }
});
