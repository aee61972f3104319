import { nearest } from '../core/did-you-mean.ts';
import { InvalidInput } from './errors.ts';
import { shortNameOf, ulidOf, type PromotionRow } from './promotion-row.ts';

/**
 * The one promotion that a text names: by workflow id, by name, else by a part that no other has. InvalidInput lists the
 * candidates when there are several, and what was most likely meant when there is none.
 */
export function pickPromotion(
  text: string,
  rows: readonly PromotionRow[],
  { preferOpen = false }: { readonly preferOpen?: boolean } = {},
): PromotionRow {
  const all = byWorkflowId(rows);
  const open = all.filter(isOpen);
  for (const candidates of preferOpen && open.length > 0 ? [open, all] : [all]) {
    const found = bestMatches(text, candidates);
    if (found.length === 1) return found[0]!;
    if (found.length > 1) throw new InvalidInput(explainAmbiguity(text, found));
  }
  throw new InvalidInput(explainUnknown(text, all));
}

/** Says whether a promotion is under way. */
export function isOpen({ phase }: Pick<PromotionRow, 'phase'>): boolean {
  return phase === 'Pending' || phase === 'Running';
}

/** When a name was given, from the ULID in it: names are as old as their promotions. Undefined without one. */
export function instantOfName(text: string): Date | undefined {
  const ulid = /(?:^|[./])([0-7][0-9a-hjkmnp-tv-z]{25})(?:$|\.)/.exec(text)?.[1];
  if (!ulid) return undefined;
  const alphabet = '0123456789abcdefghjkmnpqrstvwxyz';
  let time = 0;
  for (const letter of ulid.slice(0, 10)) time = time * 32 + alphabet.indexOf(letter);
  return new Date(time);
}

/** Ids can be used again; the latest run stands for all. */
function byWorkflowId(rows: readonly PromotionRow[]): readonly PromotionRow[] {
  const latest = new Map<string, PromotionRow>();
  for (const row of rows) {
    const known = latest.get(row.workflowId);
    if (!known || known.startedAt < row.startedAt) latest.set(row.workflowId, row);
  }
  return [...latest.values()];
}

/** Whole names beat beginnings, and those beat other parts. */
function bestMatches(text: string, rows: readonly PromotionRow[]): readonly PromotionRow[] {
  const ulid = /\.([0-9a-z]{26})\.[^.]*$/.exec(text)?.[1];
  const tests: readonly ((row: PromotionRow) => boolean)[] = [
    ({ workflowId, name }) => workflowId === text || workflowId === `promotion/${text}` || name === text,
    (row) => ulid !== undefined && row.name === undefined && ulidOf(row) === ulid,
    ({ workflowId, name }) =>
      [workflowId, workflowId.replace('promotion/', ''), name].some((known) => known?.startsWith(text)),
    ({ workflowId, name }) => workflowId.includes(text) || name?.includes(text) === true,
  ];
  for (const test of tests) {
    const found = rows.filter(test);
    if (found.length > 0) return found;
  }
  return [];
}

function explainAmbiguity(text: string, rows: readonly PromotionRow[]): string {
  const shown = rows.slice(0, mostShown);
  const more = rows.length - shown.length;
  return [
    `${JSON.stringify(text)} could be any of ${rows.length} promotions; write more of one:`,
    ...shown.map(({ workflowId, phase, startedAt }) => `  ${workflowId}  ${phase}, started ${startedAt}`),
    ...(more > 0 ? [`  and ${more} more: gantry promotions`] : []),
  ].join('\n');
}

const mostShown = 10;

function explainUnknown(text: string, rows: readonly PromotionRow[]): string {
  const names = rows.flatMap((row) => [
    row.workflowId,
    row.workflowId.replace('promotion/', ''),
    shortNameOf(row),
  ]);
  const meant = nearest(text, names);
  const hint = meant === undefined ? '' : ` Did you mean ${JSON.stringify(meant)}?`;
  return `There is no promotion ${JSON.stringify(text)}.${hint} \`gantry promotions\` lists those that are known.`;
}
