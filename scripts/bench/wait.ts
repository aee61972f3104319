import type { Measure } from './measure.ts';
import { measureDeath } from './wait/death.ts';
import { measureMonth } from './wait/month.ts';
import { measureWaiting } from './wait/waiting.ts';

const parts: Readonly<Record<string, () => Promise<readonly Measure[]>>> = {
  signal: measureWaiting,
  death: measureDeath,
  month: measureMonth,
};

/** What waiting costs, and how soon it ends; `wait/signal`, `wait/death` and `wait/month` are its parts. */
export async function measureWait(wanted: readonly string[]): Promise<readonly Measure[]> {
  const measures: Measure[] = [];
  for (const [name, measurePart] of Object.entries(parts)) {
    if (wanted.length === 0 || wanted.includes(`wait/${name}`)) measures.push(...(await measurePart()));
  }
  return measures;
}
