import { filterPhases, type FilterPhase, type PromotionFilter } from '../promotion-query.ts';
import { parseSince } from './ages.ts';
import { option } from './command.ts';

/** What users say of the promotions they mean. */
export interface FilterOptions {
  readonly project?: string;
  readonly stage?: string;
  readonly phase?: FilterPhase;
  readonly freight?: string;
  readonly since?: string;
  readonly query?: string;
}

/** New ones at each call, since a parser writes into them. */
export function filterOptions() {
  return [
    option('--project <name>', 'those of this project'),
    option('--stage <name>', 'those to this Stage'),
    option('--freight <name>', 'those of this Freight: its name, or how it begins'),
    option('--since <when>', 'those started since: a duration such as 2h or 7d, or a time'),
    option('--query <query>', 'those that a visibility query of Temporal finds: "GantryActor = \'alice\'"'),
  ];
}

export function phaseOption() {
  return option('--phase <phase>', 'those in this phase').choices(filterPhases);
}

/** InvalidInput for a time that is none. */
export function parseFilter(
  { since, project, stage, phase, freight, query }: FilterOptions,
  now: number,
): PromotionFilter {
  return {
    project,
    stage,
    phase,
    freight,
    query,
    since: since === undefined ? undefined : parseSince(since, now),
  };
}

/** Says whether any of them is given. */
export function isFiltered({ project, stage, freight, since, query }: FilterOptions): boolean {
  return [project, stage, freight, since, query].some((value) => value !== undefined);
}
