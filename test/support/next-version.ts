import assert from 'node:assert/strict';
import { bundleWorkflows } from '../../src/worker/bundle-workflows.ts';

/**
 * The workflows as the next version of Gantry may have them: a second interpreter beside the first, which asks for a
 * condition before it runs any step.
 */
export async function bundleNextVersion(): Promise<{ readonly code: string }> {
  const bundle = await bundleWorkflows();
  assert.ok('code' in bundle);
  const code = bundle.code.replace(
    /const interpreters\s*=\s*\{\s*1:\s*([^\s}]+)\s*\};/,
    `const interpreters = { 1: $1, 2: async (run, effects, files) => {
      await effects.evaluateCondition({ condition: 'true', scope: { alias: 'next' } }, run.plan.steps[0]);
      return (0, $1)(run, effects, files);
    } };`,
  );
  assert.ok(code !== bundle.code, 'the workflows have no such list of interpreters any more');
  return { code };
}
