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

/** Milliseconds, in the order they were measured. */
export interface Times {
  readonly ours: readonly number[];
  readonly theirs: readonly number[];
}

/** Times of both sides, one after the other so that the machine's mood meets both, after one warm-up of each. */
export async function interleave(
  rounds: number,
  our: (round: number) => unknown,
  their: (round: number) => unknown,
): Promise<Times> {
  const ours: number[] = [];
  const theirs: number[] = [];
  for (let round = 0; round <= rounds; round++) {
    const mine = await time(() => our(round));
    const other = await time(() => their(round));
    if (round === 0) continue;
    ours.push(mine);
    theirs.push(other);
  }
  return { ours, theirs };
}

/** What ours takes for each unit of theirs, round by round, so that what slows a round down slows down both sides. */
export function ratioOf({ ours, theirs }: Times): number {
  return median(ours.map((own, round) => own / theirs[round]!));
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
