import { parseArgs } from 'node:util';
import { measureEngine } from './bench/engine.ts';
import { measureExpressions } from './bench/expressions.ts';
import { measureGit } from './bench/git.ts';
import { formatMeasures, type Measure } from './bench/measure.ts';
import { measureMemory } from './bench/memory.ts';
import { measurePromotion } from './bench/promotion.ts';
import { measurePullRequests } from './bench/pull-requests.ts';
import { measureStart } from './bench/start.ts';
import { measureWait } from './bench/wait.ts';

/** Benches by name. Each measures ratios against the raw commands in one run, never absolute times. */
const benches: Readonly<Record<string, (wanted: readonly string[]) => Promise<readonly Measure[]>>> = {
  engine: measureEngine,
  expressions: measureExpressions,
  git: measureGit,
  memory: measureMemory,
  promotion: measurePromotion,
  'pull-requests': measurePullRequests,
  start: measureStart,
  steps: () => measureEngine(['engine/step']),
  wait: measureWait,
};

const { positionals, values } = parseArgs({
  allowPositionals: true,
  options: { output: { type: 'string', short: 'o' } },
});
const [name = '', ...wanted] = positionals;
const bench = benches[name];
if (!bench) {
  console.error(
    `Usage: npm run bench -- NAME [-o json] [ID…]\nNAME is one of: ${Object.keys(benches).join(', ')}`,
  );
  process.exit(2);
}
const measures = await bench(wanted);
console.log(formatMeasures(measures));
const results = measures.map(({ id, ratio, limit, ok }) => ({ id, ratio, limit, ok }));
if (values.output === 'json') console.log(JSON.stringify({ name, results }));
process.exitCode = measures.every(({ ok }) => ok) ? 0 : 1;
