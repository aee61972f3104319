import { InvalidInput } from '../errors.ts';
import type { PromotionDirectory } from '../promotion-directory.ts';
import type { PromotionRow } from '../promotion-row.ts';
import type { PromotionFilter } from '../promotion-query.ts';
import { defineCommand, option } from './command.ts';
import { exitCodes } from './exit-codes.ts';
import { filterOptions, parseFilter, phaseOption, type FilterOptions } from './filter-options.ts';
import { printResult } from './output.ts';
import { formatAge } from './ages.ts';
import { promotionTable } from './promotion-table.ts';

interface PromotionsOptions extends FilterOptions {
  readonly actor?: string;
  readonly held?: boolean;
  readonly limit?: string;
}

export const promotions = defineCommand<PromotionsOptions>({
  name: 'promotions',
  summary: 'List promotions, however they were started',
  description: [
    'Those under way come first, then the last that ended. The list comes from the visibility of Temporal and',
    'lags behind by a moment; what has ended stays for as long as the namespace keeps it.',
  ].join('\n'),
  options: [
    ...filterOptions(),
    phaseOption(),
    option('--actor <name>', 'those that this person or system started'),
    option('--held', 'those that wait for a decision'),
    option('--limit <number>', 'at most so many (default: 50)'),
  ],
  examples: [
    'gantry promotions --project demo --phase Running',
    'gantry promotions --held',
    'gantry promotions --actor alice --since 7d -o json',
  ],
  async run(call) {
    const { options, settings, terminal } = call;
    const now = Date.now();
    const limit = parseLimit(options.limit);
    const filter = { ...parseFilter(options, now), actor: options.actor };
    const { openPromotions } = await import('../open-promotions.ts');
    const { directory, close } = await openPromotions(settings, terminal.env);
    try {
      const { rows, isCut } = await directory.list(
        options.held ? { ...filter, phase: 'Running' } : filter,
        limit,
      );
      const seen = await directory.look(rows, options.held ? 10_000 : 2000);
      const shown = options.held ? seen.rows.filter(isHeld) : seen.rows;
      await printResult(call, shown, () => promotionTable(shown, now));
      if (seen.unknown > 0) terminal.err.write(`${explainUnknown(seen.unknown)}\n`);
      const note = isCut
        ? `These are ${limit}; --limit shows more.`
        : await explainRetention(directory, filter, now);
      if (note && call.output === 'table') terminal.err.write(`${note}\n`);
      return exitCodes.succeeded;
    } finally {
      await close();
    }
  },
});

function isHeld({ waitingFor }: PromotionRow): boolean {
  return waitingFor?.kind === 'decision';
}

function explainUnknown(count: number): string {
  const what = count === 1 ? '1 promotion waits' : `${count} promotions wait`;
  return `What ${what} for is not known: no worker told it in time.`;
}

/** Nobody should take what is not listed for something that never happened. */
async function explainRetention(
  directory: PromotionDirectory,
  { phase, since }: PromotionFilter,
  now: number,
): Promise<string | undefined> {
  if (phase === 'Running' || phase === 'Pending') return undefined;
  const kept = await directory.retention();
  if (kept === undefined || (since && now - since.getTime() < kept)) return undefined;
  const age = formatAge(new Date(now - kept).toISOString(), now);
  return `Promotions that ended more than ${age} ago are gone: the namespace keeps what has ended for ${age}.`;
}

function parseLimit(text = '50'): number {
  if (/^[1-9]\d{0,4}$/.test(text)) return Number(text);
  throw new InvalidInput(`--limit ${text}: write a whole number from 1 to 99999`);
}
