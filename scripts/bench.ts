import { parseArgs } from 'node:util';
import { measureExpressions } from './bench/expressions.ts';
import { measureGit } from './bench/git.ts';
import { formatMeasures, type Measure } from './bench/measure.ts';
import { measurePromotion } from './bench/promotion.ts';
import { measureStart } from './bench/start.ts';
import { measureSteps } from './bench/steps.ts';

/** Benches by name. Each measures ratios against the raw commands in one run, never absolute times. */
const benches: Readonly<Record<string, (wanted: readonly string[]) => Promise<readonly Measure[]>>> = {
  expressions: measureExpressions,
  git: measureGit,
  promotion: measurePromotion,
  start: measureStart,
  steps: measureSteps,
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
