import { createCatalogue } from '../../../src/activities/catalogue.ts';
import type { StepDefinition } from '../../../src/activities/define-step.ts';
import { errorsOf, formatProblem, type Problem } from '../../../src/core/problem.ts';
import { findSteps } from '../../../src/core/promotion/find-steps.ts';
import { createTaskFinder } from '../../../src/core/promotion/find-task.ts';
import { inflateSteps } from '../../../src/core/promotion/inflate.ts';
import { makePlan, type PlanWorld } from '../../../src/core/promotion/make-plan.ts';
import { parseRequest } from '../../../src/core/promotion/parse-request.ts';
import { planStep } from '../../../src/core/promotion/plan-step.ts';
import type { Plan } from '../../../src/core/promotion/plan.ts';
import type { PromotionRequest } from '../../../src/core/promotion/request.ts';
import { findRequestedFreight } from '../../../src/core/promotion/requested-freight.ts';
import type { PromotionIdentity } from '../../../src/core/promotion/step-run.ts';
import { definitionsOf, requestOf } from './case-request.ts';
import type { EngineCase } from './engine-case.ts';

/** A plan, or why there is none, and then what would have run if nobody had looked at expressions and configs first. */
export interface PlannedCase {
  readonly plan?: Plan;
  readonly refused?: readonly string[];
  readonly unchecked?: Plan;
}

/** Plans a case by `makePlan`, as a worker does. */
export function planCase(
  engineCase: EngineCase,
  identity: PromotionIdentity,
  steps: readonly StepDefinition[],
): PlannedCase {
  const { request, problems } = parseRequest([requestOf(engineCase)]);
  if (!request) return { refused: problems.map(formatProblem) };
  const world: PlanWorld = {
    definitions: definitionsOf(engineCase),
    source: { source: 'case', revision: '1' },
    catalogue: createCatalogue(steps),
    searchAttributes: [],
    tools: { git: 'any', helm: 'any', kustomize: 'any' },
    allowInlineSteps: false,
  };
  const planned = makePlan(request, identity, world);
  if (planned.plan) return { plan: planned.plan };
  const refused = errorsOf(planned.problems).map(formatProblem);
  const unchecked = planUnchecked(request, world);
  return { refused, ...(unchecked && { unchecked }) };
}

/** A plan whose expressions and configs nobody has checked; undefined when its structure is wrong already. */
function planUnchecked(request: PromotionRequest, world: PlanWorld): Plan | undefined {
  const { definitions, catalogue, source } = world;
  const found = findSteps(request, definitions, false);
  const { freight, problems } = findRequestedFreight(request, definitions, found.origins);
  const tasks = createTaskFinder(definitions, request.project);
  const inflated = inflateSteps(found.steps, { vars: found.vars, findTask: tasks.find });
  const all: Problem[] = [found, tasks, inflated].flatMap((part) => [...part.problems]);
  if (!freight || errorsOf([...all, ...problems, ...tasks.missing]).length > 0) return undefined;
  if (inflated.steps.some((step) => !catalogue.has(step.source.uses ?? ''))) return undefined;
  return {
    project: request.project,
    stage: request.stage,
    freight,
    vars: found.vars.map(({ name, value }) => ({ name, value })),
    steps: inflated.steps.map((step) => planStep(step, catalogue.get(step.source.uses!)!)),
    definitions: source,
    searchAttributes: [],
    tools: {},
    warnings: [],
  };
}
