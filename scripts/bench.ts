import { measureEngine } from './bench/engine.ts';
import { measureExpressions } from './bench/expressions.ts';
import { formatMeasures, type Measure } from './bench/measure.ts';
import { measureMemory } from './bench/memory.ts';
import { measurePromotion } from './bench/promotion.ts';
import { measureStart } from './bench/start.ts';

/** Benches by name. Each measures ratios against the raw commands in one run, never absolute times. */
const benches: Readonly<Record<string, () => Promise<readonly Measure[]>>> = {
  engine: measureEngine,
  expressions: measureExpressions,
  memory: measureMemory,
  promotion: measurePromotion,
  start: measureStart,
};

const [name = '', ...options] = process.argv.slice(2);
const bench = benches[name];
if (!bench) {
  console.error(`Usage: npm run bench -- NAME [-o json]\nNAME is one of: ${Object.keys(benches).join(', ')}`);
  process.exit(2);
}
const measures = await bench();
console.log(formatMeasures(measures));
const results = measures.map(({ id, ratio, limit, ok }) => ({ id, ratio, limit, ok }));
if (options.join(' ').includes('json')) console.log(JSON.stringify({ name, results }));
process.exitCode = measures.every(({ ok }) => ok) ? 0 : 1;
