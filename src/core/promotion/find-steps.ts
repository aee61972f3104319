import { findManifest, listManifests, type Definitions } from '../definitions/manifest.ts';
import { suggest } from '../did-you-mean.ts';
import { Fields, locateInInput, shorten } from '../fields.ts';
import type { Origin } from '../freight/freight.ts';
import type { JsonPath } from '../json.ts';
import type { Problem } from '../problem.ts';
import { parseStage, type SourceStage } from './parse-stage.ts';
import { parseSteps, parseVars, type SourceStep, type SourceVariable } from './parse-steps.ts';
import type { PromotionRequest } from './request.ts';

/** What is to be done, before tasks are put in. */
export interface FoundSteps {
  readonly steps: readonly SourceStep[];
  /** Stage, then template, then request: later ones win. */
  readonly vars: readonly SourceVariable[];
  /** What the Stage requests; empty without a Stage. */
  readonly origins: readonly Origin[];
  readonly problems: readonly Problem[];
}

/** The steps of a request: its own, or those of its Stage. Without a Stage only the former work. */
export function findSteps(
  request: PromotionRequest,
  definitions: Definitions,
  allowInlineSteps: boolean,
): FoundSteps {
  const manifest = findManifest(definitions, 'Stage', request.stage, request.project);
  const stage = manifest && parseStage(manifest);
  const inline = readInline(request);
  const problems = [
    ...checkProject(request, definitions),
    ...(stage?.problems ?? []),
    ...(request.steps ? [] : checkStage(request, definitions, stage)),
    ...(request.steps && !allowInlineSteps ? [refused] : []),
    ...inline.problems,
  ];
  return {
    steps: request.steps ? inline.steps : (stage?.steps ?? []),
    vars: [...(stage?.vars ?? []), ...inline.vars],
    origins: stage?.origins ?? [],
    problems,
  };
}

const refused = atInput(
  '"steps" are not accepted by this worker: it runs only what its definitions say, unless it is started with --allow-inline-steps',
  ['steps'],
);

function readInline(request: PromotionRequest): Omit<FoundSteps, 'origins'> {
  const content = { steps: request.steps ?? null, vars: request.vars.map((variable) => ({ ...variable })) };
  const fields = new Fields(content, [], locateInInput(), []);
  return { steps: parseSteps(fields), vars: parseVars(fields), problems: fields.problems };
}

function checkProject({ project }: PromotionRequest, definitions: Definitions): readonly Problem[] {
  const known = listManifests(definitions, 'Project').map(({ name }) => name);
  if (known.length === 0 || known.includes(project)) return [];
  return [atInput(`there is no Project ${shorten(project)}${hint(project, known)}`, ['project'])];
}

function checkStage(
  { project, stage: name }: PromotionRequest,
  definitions: Definitions,
  stage: SourceStage | undefined,
): readonly Problem[] {
  if (!stage) {
    const known = listManifests(definitions, 'Stage', project).map((manifest) => manifest.name);
    const missing = `there is no Stage ${shorten(name)} in project ${shorten(project)}`;
    return [
      atInput(
        `${missing}${hint(name, known) || ': the definitions hold none. Send them along as "definitions" (gantry promote --definitions DIR), or start the worker with --definitions'}`,
        ['stage'],
      ),
    ];
  }
  if (stage.steps.length > 0 || stage.problems.length > 0) return [];
  const message = `Stage ${shorten(name)} has no steps in spec.promotionTemplate: nothing can be promoted to it`;
  return [{ message, place: stage.manifest.locate(['spec', 'promotionTemplate', 'spec', 'steps'], 'key') }];
}

function hint(name: string, known: readonly string[]): string {
  return (
    suggest(name, known) || (known.length ? `; known: ${[...known].sort().slice(0, 50).join(', ')}` : '')
  );
}

function atInput(message: string, path: JsonPath): Problem {
  return { message, place: { source: 'input', path } };
}
