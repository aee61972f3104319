import { findDoubles } from '../definitions/collect-manifests.ts';
import { isSameObject, type Definitions, type Manifest } from '../definitions/manifest.ts';
import { reachableDefinitions } from './reachable.ts';
import { errorsOf, formatPlace, formatProblem, type Problem } from '../problem.ts';
import type { StepCatalogue } from './catalogue.ts';
import { checkChannels, readChannels } from './check-channels.ts';
import { checkGuarded } from './check-guarded.ts';
import { checkSecrets } from './check-secrets.ts';
import { findSteps, type FoundSteps } from './find-steps.ts';
import { createTaskFinder } from './find-task.ts';
import { nameGeneratedBranch } from './generated-branch.ts';
import { inflateSteps, type InflatedStep } from './inflate.ts';
import { inheritFields } from './inherit-fields.ts';
import type { SourceStep } from './parse-steps.ts';
import { wantsStatuses } from './commit-statuses.ts';
import { checkSteps, checkVars, planStep } from './plan-step.ts';
import type { Plan } from './plan.ts';
import { findRequestedFreight } from './requested-freight.ts';
import type { PromotionRequest } from './request.ts';
import { formatSize, sizeOfJson } from './size.ts';
import type { PromotionIdentity } from './step-run.ts';

/** What a request is planned against. */
export interface PlanWorld {
  readonly definitions: Definitions;
  readonly source: Plan['definitions'];
  readonly catalogue: StepCatalogue;
  /** Names of the registered ones. */
  readonly searchAttributes: readonly string[];
  /** Versions of the binaries that are there. */
  readonly tools: Readonly<Record<string, string>>;
  readonly allowInlineSteps: boolean;
  /** Address of the user interface, for links. */
  readonly uiBaseUrl?: string;
  /** Kinds that need the operator's word and have it; absent = nobody is asked. */
  readonly allowSteps?: readonly string[];
}

export interface Planning {
  /** Undefined when there is an error among the problems. */
  readonly plan?: Plan;
  /** Each once; with a plan, warnings only. */
  readonly problems: readonly Problem[];
}

/** Resolves and checks everything that can be known before a promotion runs: the plan, or all that is wrong. Never throws. */
export function makePlan(request: PromotionRequest, identity: PromotionIdentity, world: PlanWorld): Planning {
  const found = findSteps(request, world.definitions, world.allowInlineSteps);
  const requested = findRequestedFreight(request, world.definitions, found.origins);
  const inflated = inflate(request, found, world);
  const channels = readChannels(world.definitions, request.project);
  const isSending = inflated.steps.some(({ source }) => world.catalogue.get(source.uses ?? '')?.channels);
  const sources = inflated.steps.map(({ source }) => source);
  const unsendable = isSending
    ? [...channels.problems, ...checkChannels(sources, world.catalogue, channels.channels)]
    : [];
  const statuses = wantsStatuses(world.definitions, identity.project);
  const generated = nameGeneratedBranch(world.definitions, identity, requested.freight);
  const problems = withDefinitions(
    [
      ...found.problems,
      ...requested.problems,
      ...inflated.problems,
      ...unsendable,
      ...generated.problems,
      ...statuses.problems,
    ],
    world.definitions,
    reachableDefinitions(world.definitions, request),
  );
  if (!requested.freight || errorsOf(problems).length > 0) return { problems };
  const plan: Plan = {
    project: identity.project,
    stage: identity.stage,
    freight: requested.freight,
    vars: found.vars.map(({ name, value }) => ({ name, value })),
    steps: inflated.steps.map((step) => planStep(step, world.catalogue.get(step.source.uses!)!)),
    definitions: world.source,
    searchAttributes: world.searchAttributes,
    ...(isSending && { channels: channels.channels }),
    ...(generated.branch !== undefined && { generatedBranch: generated.branch }),
    ...(world.uiBaseUrl && { uiBaseUrl: world.uiBaseUrl }),
    ...(statuses.isWanted && { commitStatuses: true as const }),
    tools: world.tools,
    warnings: problems.slice(0, maximumWarnings).map(formatProblem),
  };
  const tooLarge = checkSize(plan);
  return tooLarge ? { problems: [tooLarge, ...problems] } : { plan, problems };
}

const maximumWarnings = 20;
const maximumPlan = 384 * 1024;

function inflate(
  request: PromotionRequest,
  { steps, vars }: FoundSteps,
  { definitions, catalogue, tools, allowSteps }: PlanWorld,
): { readonly steps: readonly InflatedStep[]; readonly problems: readonly Problem[] } {
  const tasks = createTaskFinder(definitions, request.project);
  const flat = inflateSteps(steps, { vars, findTask: tasks.find });
  const inflated = inheritFields(flat.steps, catalogue);
  const references = [...steps.filter(({ task }) => task), ...referencesIn(inflated.steps)];
  const problems = [
    ...tasks.missing,
    ...tasks.problems,
    ...flat.problems,
    ...inflated.problems,
    ...checkVars(vars, 'promotion'),
    ...checkSteps(references, catalogue),
    // By their own alias, as `gantry validate` says it: their place tells the task.
    ...checkSteps(
      inflated.steps.map(({ source }) => source),
      catalogue,
    ),
    ...checkSecrets(inflated.steps, vars, catalogue),
    ...checkTools(inflated.steps, catalogue, tools),
    ...checkGuarded(inflated.steps, catalogue, allowSteps),
  ];
  return { steps: inflated.steps, problems };
}

/** References inside tasks, each once. */
function referencesIn(steps: readonly InflatedStep[]): readonly SourceStep[] {
  return [...new Set(steps.flatMap(({ references }) => references.slice(1).map(({ source }) => source)))];
}

/** A step that cannot find its binary says so before anything happens. */
function checkTools(
  steps: readonly InflatedStep[],
  catalogue: StepCatalogue,
  tools: Readonly<Record<string, string>>,
): readonly Problem[] {
  return steps.flatMap(({ source, alias }) => {
    const missing = (catalogue.get(source.uses ?? '')?.tools ?? []).filter(
      (tool) => !Object.hasOwn(tools, tool),
    );
    return missing.map((tool) => ({
      message: `step "${alias}" (${source.uses}) needs ${tool}, which this worker does not have: see "gantry tools"`,
      place: source.locate([...source.path, 'uses']),
    }));
  });
}

/** Broken files are warnings as long as this promotion finds all it needs elsewhere, and finds it once. */
function withDefinitions(
  problems: readonly Problem[],
  definitions: Definitions,
  used: readonly Manifest[],
): readonly Problem[] {
  const doubles = findDoubles(
    definitions.manifests.filter((one) => used.some((other) => isSameObject(one, other))),
  );
  const found = [...problems, ...doubles];
  const isWell = errorsOf(found).length === 0;
  const others = definitions.problems.map((problem): Problem =>
    isWell ? { ...problem, severity: 'warning' } : problem,
  );
  return unique([...found, ...others]);
}

/** A task that is used twice has its faults once. */
function unique(problems: readonly Problem[]): readonly Problem[] {
  const byPlace = problems.map((problem): [string, Problem] => {
    const isPlaced = problem.place.line !== undefined;
    const message = isPlaced ? problem.message.replace(/^step "[^"]*"/, '') : problem.message;
    return [`${formatPlace(problem.place)} ${message}`, problem];
  });
  return [...new Map(byPlace.toReversed()).values()].toReversed();
}

function checkSize(plan: Plan): Problem | undefined {
  const size = sizeOfJson(plan);
  if (size <= maximumPlan) return undefined;
  const steps = plan.steps.map((step) => ({ name: `step "${step.alias}"`, size: sizeOfJson(step) }));
  const parts = [...steps, { name: 'the Freight', size: sizeOfJson(plan.freight) }];
  const largest = parts.reduce((one, other) => (other.size > one.size ? other : one));
  const message = `the plan has ${formatSize(size)}, more than ${formatSize(maximumPlan)}; most of it is ${largest.name} with ${formatSize(largest.size)}`;
  return { message, place: { source: 'input' } };
}
