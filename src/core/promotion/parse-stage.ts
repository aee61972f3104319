import { Fields } from '../fields.ts';
import type { Manifest } from '../definitions/manifest.ts';
import type { Origin } from '../freight/freight.ts';
import type { Problem } from '../problem.ts';
import { parseSteps, parseVars, type SourceStep, type SourceVariable } from './parse-steps.ts';

/** What a promotion needs of a Stage. */
export interface SourceStage {
  readonly manifest: Manifest;
  /** Stage, then template: later ones win. */
  readonly vars: readonly SourceVariable[];
  readonly steps: readonly SourceStep[];
  readonly origins: readonly Origin[];
  readonly problems: readonly Problem[];
}

/** Reads a Stage. What is malformed is left out and reported. A Stage without steps is no problem here. */
export function parseStage(manifest: Manifest): SourceStage {
  const problems: Problem[] = [];
  // Stages carry more than Gantry knows, and newer versions of Kargo add to it.
  const root = new Fields(manifest.body, [], manifest.locate, problems, 'warning');
  const spec = root.object('spec');
  const template = spec?.object('promotionTemplate')?.object('spec');
  const content = template && new Fields(template.value, template.path, template.locate, problems);
  const vars = [...(spec ? parseVars(spec) : []), ...(content ? parseVars(content) : [])];
  const steps = content ? parseSteps(content) : [];
  content?.finish();
  const origins = (spec?.objects('requestedFreight', 'requests') ?? []).flatMap((request) => {
    const origin = request.object('origin');
    origin?.oneOf('kind', ['Warehouse']);
    const name = origin?.required('name', 'the name of a Warehouse');
    return name === undefined ? [] : [{ kind: 'Warehouse' as const, name }];
  });
  for (const known of ['shard', 'verification', 'targets']) spec?.find(known);
  spec?.finish();
  return { manifest, vars, steps, origins, problems };
}
