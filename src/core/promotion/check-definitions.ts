import { listManifests, type Definitions, type Manifest } from '../definitions/manifest.ts';
import type { Origin } from '../freight/freight.ts';
import { parseFreight } from '../freight/parse-freight.ts';
import { parseSubscriptions } from '../freight/parse-subscriptions.ts';
import { errorsOf, type Problem } from '../problem.ts';
import type { StepCatalogue } from './catalogue.ts';
import { checkChannels, readChannels } from './check-channels.ts';
import { checkSecrets } from './check-secrets.ts';
import { createTaskFinder } from './find-task.ts';
import { readCommitStatuses } from './commit-statuses.ts';
import { readGeneratedBranch } from './generated-branch.ts';
import { inflateSteps } from './inflate.ts';
import { lintStage, lintTask } from './lint/lint.ts';
import { readAliases } from './lint/unread-aliases.ts';
import { parseStage, type SourceStage } from './parse-stage.ts';
import { parseTask } from './parse-task.ts';
import { checkSteps, checkVars } from './plan-step.ts';

/**
 * Everything that is wrong with definitions, without promoting anything: every Stage with its tasks, every task, Freight
 * and Warehouse. Warnings and notes included; sorted by place.
 */
export function checkDefinitions(definitions: Definitions, catalogue: StepCatalogue): readonly Problem[] {
  const each = (kind: Manifest['kind'], check: (manifest: Manifest) => readonly Problem[]) =>
    listManifests(definitions, kind).flatMap(check);
  const stages = listManifests(definitions, 'Stage').map(parseStage);
  const readByStages = new Set(stages.flatMap(({ steps, vars }) => [...readAliases(steps, vars)]));
  const problems = [
    ...(definitions.manifests.length + definitions.problems.length === 0 ? [nothing] : []),
    ...definitions.problems,
    ...definitions.notes,
    ...stages.flatMap((stage) => checkStage(stage, definitions, catalogue)),
    ...each('PromotionTask', (manifest) => checkTask(manifest, readByStages, catalogue)),
    ...each('ClusterPromotionTask', (manifest) => checkTask(manifest, readByStages, catalogue)),
    ...each('Freight', ({ body, locate }) => parseFreight(body, locate).problems),
    ...each('Warehouse', checkWarehouse),
    ...readChannels(definitions, undefined).problems,
    ...each('ProjectConfig', (manifest) => readGeneratedBranch(manifest).problems),
    ...each('ProjectConfig', (manifest) => readCommitStatuses(manifest).problems),
  ];
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()].sort(byPlace);
}

const nothing: Problem = { message: 'no Kargo manifest is among the files', place: {} };

function checkStage(
  stage: SourceStage,
  definitions: Definitions,
  catalogue: StepCatalogue,
): readonly Problem[] {
  const { manifest, vars, steps, problems } = stage;
  const tasks = createTaskFinder(definitions, manifest.namespace ?? projectOf(definitions));
  // The faults of tasks themselves are reported once, by checkTask.
  const inflated = inflateSteps(steps, { vars, findTask: tasks.find });
  const isWhole = errorsOf([...problems, ...tasks.missing, ...tasks.problems]).length === 0;
  return [
    ...problems,
    ...tasks.missing,
    ...inflated.problems,
    ...checkVars(vars, `Stage "${manifest.name}"`),
    ...checkSteps(steps, catalogue),
    ...checkChannels(
      inflated.steps.map(({ source }) => source),
      catalogue,
      readChannels(definitions, manifest.namespace ?? projectOf(definitions)).channels,
    ),
    ...checkSecrets(inflated.steps, vars, catalogue),
    ...(isWhole ? lintStage({ stage, steps: inflated.steps, findTask: tasks.find }) : []),
  ];
}

function checkTask(
  manifest: Manifest,
  readByStages: ReadonlySet<string>,
  catalogue: StepCatalogue,
): readonly Problem[] {
  const task = parseTask(manifest);
  const { vars, steps, problems } = task;
  return [
    ...problems,
    ...checkVars(vars, `${manifest.kind} "${manifest.name}"`),
    ...checkSteps(steps, catalogue),
    // A list with holes would make the rest look useless.
    ...(errorsOf(problems).length === 0 ? lintTask(task, readByStages) : []),
  ];
}

function checkWarehouse({ name, body, locate }: Manifest): readonly Problem[] {
  const origin: Origin = { kind: 'Warehouse', name };
  return parseSubscriptions(body, locate, origin).problems;
}

/** A Stage without namespace belongs to the only project there is. */
function projectOf(definitions: Definitions): string | undefined {
  const projects = listManifests(definitions, 'Project');
  return projects.length === 1 ? projects[0]!.name : undefined;
}

function byPlace({ place: one }: Problem, { place: other }: Problem): number {
  return (
    (one.source ?? '').localeCompare(other.source ?? '') ||
    (one.line ?? 0) - (other.line ?? 0) ||
    (one.column ?? 0) - (other.column ?? 0)
  );
}
