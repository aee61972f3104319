import { listManifests, type Definitions, type Manifest } from '../definitions/manifest.ts';
import { ExpressionError } from '../expression/errors.ts';
import { Fields } from '../fields.ts';
import type { FreightSet } from '../freight/freight.ts';
import type { Problem } from '../problem.ts';
import { varFunctions } from '../template/functions/index.ts';
import { evaluateTemplate } from '../template/template.ts';
import { checkTexts } from './check-texts.ts';
import { createEnvironment } from './environment.ts';
import type { PromotionIdentity, Scope } from './step-run.ts';

/** The setting `generatedBranch` of a ProjectConfig, a template, and what is wrong with it. */
export function readGeneratedBranch({ body, locate }: Manifest): {
  readonly template?: string;
  readonly problems: readonly Problem[];
} {
  const problems: Problem[] = [];
  // Everything else in it is Kargo's.
  const spec = new Fields(body, [], locate, problems, 'warning').object('spec');
  const template = spec?.text('generatedBranch')?.trim();
  if (template === undefined) return { problems };
  if (template === '') spec?.report('generatedBranch', '"generatedBranch" is empty: name a branch');
  const path = ['spec', 'generatedBranch'];
  return {
    template,
    problems: [...problems, ...checkTexts(template, path, locate, 'generatedBranch', varFunctions)],
  };
}

/**
 * The branch that pushes of a promotion go to when they are to make one up; undefined when its project does not say. It may
 * depend on `ctx` and the Freight, and on nothing that changes while the promotion runs.
 */
export function nameGeneratedBranch(
  definitions: Definitions,
  identity: PromotionIdentity,
  freight: FreightSet | undefined,
): { readonly branch?: string; readonly problems: readonly Problem[] } {
  const config = findProjectConfig(definitions, identity.project);
  if (!config) return { problems: [] };
  const { template, problems } = readGeneratedBranch(config);
  if (template === undefined || problems.length > 0 || !freight) return { problems };
  const fault = (message: string): { problems: readonly Problem[] } => ({
    problems: [{ message: `generatedBranch: ${message}`, place: config.locate(['spec', 'generatedBranch']) }],
  });
  try {
    const branch = evaluateTemplate(
      template,
      createEnvironment(scopeOf(identity, freight), { place: 'vars' }),
    );
    return typeof branch === 'string' && branch !== '' ? { branch, problems } : fault('gives no text');
  } catch (error) {
    if (error instanceof ExpressionError) return fault(error.message);
    throw error;
  }
}

/** Kargo calls it as the project. */
export function findProjectConfig(definitions: Definitions, project: string): Manifest | undefined {
  return listManifests(definitions, 'ProjectConfig', project).find(
    ({ name, namespace }) => (namespace ?? name) === project,
  );
}

function scopeOf(identity: PromotionIdentity, freight: FreightSet): Scope {
  const nothing = { promotionVars: [], stepVars: [], outputs: {}, records: [] };
  return { identity, alias: '', freight, startedAt: identity.startedAt, ...nothing };
}
