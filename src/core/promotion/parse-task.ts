import { Fields } from '../fields.ts';
import type { Manifest } from '../definitions/manifest.ts';
import type { Problem } from '../problem.ts';
import { parseSteps, parseVars, type SourceStep, type SourceVariable } from './parse-steps.ts';

/** A PromotionTask or ClusterPromotionTask. */
export interface SourceTask {
  readonly manifest: Manifest;
  /** An empty value means that there is no default: somebody has to set it. */
  readonly vars: readonly SourceVariable[];
  readonly steps: readonly SourceStep[];
  readonly problems: readonly Problem[];
}

/** Reads a task. What is malformed is left out and reported. */
export function parseTask(manifest: Manifest): SourceTask {
  const problems: Problem[] = [];
  const root = new Fields(manifest.body, [], manifest.locate, problems);
  const spec = root.object('spec');
  const vars = spec ? parseVars(spec) : [];
  const steps = spec ? parseSteps(spec) : [];
  spec?.finish();
  if (!spec || isEmpty(spec)) {
    const message = `${manifest.kind} ${JSON.stringify(manifest.name)} has no steps`;
    problems.push({ message, place: manifest.locate(['spec', 'steps']) });
  }
  return { manifest, vars, steps, problems };
}

function isEmpty(spec: Fields): boolean {
  const list = spec.find('steps');
  return list === undefined || (Array.isArray(list) && list.length === 0);
}
