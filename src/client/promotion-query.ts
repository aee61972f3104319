import { InvalidInput } from './errors.ts';
import type { PromotionRow } from './promotion-row.ts';

/** Which promotions are wanted; all that is given must hold. */
export interface PromotionFilter {
  readonly project?: string | undefined;
  readonly stage?: string | undefined;
  readonly phase?: FilterPhase | undefined;
  /** Name of the Freight, or how it begins. */
  readonly freight?: string | undefined;
  readonly actor?: string | undefined;
  /** Started at this instant or later. */
  readonly since?: Date | undefined;
  readonly until?: Date | undefined;
  /** In Temporal's own language of visibility queries. */
  readonly query?: string | undefined;
}

export const filterPhases = ['Pending', 'Running', 'Succeeded', 'Failed', 'Errored', 'Aborted'] as const;
export type FilterPhase = (typeof filterPhases)[number];

/**
 * The visibility query of a filter. Of a namespace without our search attributes it asks by id and status, and refuses,
 * as InvalidInput, what cannot be known there. It may find too much: `matches` decides.
 */
export function visibilityQuery(filter: PromotionFilter, attributes: ReadonlySet<string>): string {
  const { freight, actor, since, until, query } = filter;
  return [
    `WorkflowType = 'promotion'`,
    `ExecutionStatus != 'ContinuedAsNew'`,
    ...placeTerms(filter, attributes),
    ...phaseTerms(filter, attributes),
    ...(freight ? [`${known('GantryFreight', '--freight', attributes)} STARTS_WITH ${quote(freight)}`] : []),
    ...(actor ? [`${known('GantryActor', '--actor', attributes)} = ${quote(actor)}`] : []),
    ...(since ? [`StartTime >= ${quote(since.toISOString())}`] : []),
    ...(until ? [`StartTime <= ${quote(until.toISOString())}`] : []),
    ...(query ? [`(${query})`] : []),
  ].join(' AND ');
}

/** Says whether a promotion is one of those wanted, as far as it can be told from what a list shows. */
export function matches(row: PromotionRow, { project, stage, phase }: PromotionFilter): boolean {
  if (project && row.project !== project) return false;
  if (stage && row.stage !== stage) return false;
  if (!phase || row.phase === phase) return true;
  // An attribute may lag behind, or not be there at all.
  return phase === 'Running' && row.phase === 'Pending';
}

/** By attribute or, since it is written only once there is a plan, by an id that tells. */
function placeTerms({ project, stage }: PromotionFilter, attributes: ReadonlySet<string>): string[] {
  if (!project && !stage) return [];
  const byId = `WorkflowId STARTS_WITH ${quote(['promotion', project, project && stage, ''].filter((part) => part !== undefined).join('/'))}`;
  const byAttribute = [
    ...(project && attributes.has('GantryProject') ? [`GantryProject = ${quote(project)}`] : []),
    ...(stage && attributes.has('GantryStage') ? [`GantryStage = ${quote(stage)}`] : []),
  ];
  return byAttribute.length > 0 ? [`(${byAttribute.join(' AND ')} OR ${byId})`] : [byId];
}

function phaseTerms({ phase }: PromotionFilter, attributes: ReadonlySet<string>): string[] {
  if (!phase) return [];
  const status = `ExecutionStatus = '${statuses[phase]}'`;
  if (phase === 'Running') return [status];
  if (phase === 'Pending' || phase === 'Errored') {
    return [status, `${known('GantryPhase', `--phase ${phase}`, attributes)} = '${phase}'`];
  }
  if (phase !== 'Failed' || !attributes.has('GantryPhase')) return [status];
  return [status, `(GantryPhase IS NULL OR GantryPhase != 'Errored')`];
}

const statuses: Readonly<Record<FilterPhase, string>> = {
  Pending: 'Running',
  Running: 'Running',
  Succeeded: 'Completed',
  Failed: 'Failed',
  Errored: 'Failed',
  Aborted: 'Canceled',
};

function known(attribute: string, flag: string, attributes: ReadonlySet<string>): string {
  if (attributes.has(attribute)) return attribute;
  throw new InvalidInput(
    `${flag}: this namespace has no search attribute ${attribute}. Register it once: ` +
      `temporal operator search-attribute create --name ${attribute} --type Keyword`,
  );
}

/** A text of the query language; a backslash escapes there. */
function quote(text: string): string {
  return `'${text.replaceAll(/[\\']/g, String.raw`\$&`)}'`;
}
