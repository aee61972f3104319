import type { Definitions } from '../definitions/manifest.ts';
import type { Origin } from '../freight/freight.ts';
import { errorsOf, type Problem } from '../problem.ts';
import type { StepCatalogue } from './catalogue.ts';
import { findSteps } from './find-steps.ts';
import { inflateSteps, type InflatedStep } from './inflate.ts';
import { limits } from './limits.ts';
import type { SourceVariable } from './parse-steps.ts';
import { checkStep, checkVars, planStep } from './plan-step.ts';
import type { Plan } from './plan.ts';
import { findRequestedFreight } from './requested-freight.ts';
import type { PromotionRequest } from './request.ts';
import { checkSecrets } from './secrets.ts';
import { formatSize, sizeOfJson } from './size.ts';
import type { PromotionIdentity } from './step-run.ts';
import { createTaskFinder } from './find-task.ts';
import { formatProblem } from '../problem.ts';

/** What a request is planned against. */
export interface PlanWorld {
  readonly definitions: Definitions;
  readonly source: Plan['definitions'];
  readonly catalogue: StepCatalogue;
  /** Registered ones, by name. */
  readonly searchAttributes: readonly string[];
  /** Versions of the binaries that are there. */
  readonly tools: Readonly<Record<string, string>>;
  readonly allowInlineSteps: boolean;
}

export interface Planning {
  /** Undefined when there is an error among the problems. */
  readonly plan?: Plan;
  /** Errors, or only warnings; each once. */
  readonly problems: readonly Problem[];
}

/** Resolves and checks everything that can be known before a promotion runs: the plan, or all that is wrong. */
export function makePlan(request: PromotionRequest, identity: PromotionIdentity, world: PlanWorld): Planning {
  const { definitions, catalogue } = world;
  const found = findSteps(request, definitions, world.allowInlineSteps);
  const freight = findRequestedFreight(request, definitions, found.origins);
  const tasks = createTaskFinder(definitions, request.project);
  const vars = [...found.vars, ...requestVars(request)];
  const inflated = inflateSteps(found.steps, { vars, findTask: tasks.find });
  const problems = unique([
    ...found.problems,
    ...freight.problems,
    ...inflated.problems,
    ...tasks.problems,
    ...checkVars(vars, 'promotion'),
    ...found.steps.filter(({ task }) => task).flatMap((step) => checkStep(step, catalogue, step.alias)),
    ...inflated.steps.flatMap(({ source, alias }) => checkStep(source, catalogue, alias)),
    ...checkTools(inflated.steps, world),
    ...checkSecrets(inflated.steps, vars, catalogue),
  ]);
  const all = withDefinitions(problems, definitions);
  if (errorsOf(all).length > 0 || !freight.freight) return { problems: all };
  const plan: Plan = {
    project: identity.project,
    stage: identity.stage,
    freight: freight.freight,
    vars: vars.map(({ name, value }) => ({ name, value })),
    steps: inflated.steps.map((step) => planStep(step, catalogue.get(step.source.uses!)!)),
    definitions: world.source,
    searchAttributes: world.searchAttributes,
    tools: world.tools,
    warnings: all.map(formatProblem),
  };
  const tooLarge = checkSize(plan);
  return tooLarge ? { problems: [...all, tooLarge] } : { plan, problems: all };
}
