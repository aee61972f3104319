/** One figure of a bench, and the bar it is held to. */
export interface Measure {
  readonly id: string;
  /** Ours to theirs; below `limit` is fine. */
  readonly ratio: number;
  readonly limit: number;
  readonly ok: boolean;
  /** For people: what was measured. */
  readonly detail: string;
}

/** Milliseconds that some work takes. */
export async function time(work: () => unknown): Promise<number> {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/** The one in the middle. */
export function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

/** A table for people. */
export function formatMeasures(measures: readonly Measure[]): string {
  const rows = measures.map(({ id, ratio, limit, ok, detail }) => [
    id,
    ratio.toFixed(2),
    `<= ${limit.toFixed(2)}`,
    ok ? 'ok' : 'TOO SLOW',
    detail,
  ]);
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows.map((row) => row.map((cell, column) => cell.padEnd(widths[column]!)).join('  ')).join('\n');
}
