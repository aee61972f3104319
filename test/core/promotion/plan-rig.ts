import { readDefinitions } from '../../../src/core/definitions/read-definitions.ts';
import type { JsonObject } from '../../../src/core/json.ts';
import { formatProblem } from '../../../src/core/problem.ts';
import type { ConfigProblem, StepCatalogue, StepKind } from '../../../src/core/promotion/catalogue.ts';
import { makePlan, type Planning, type PlanWorld } from '../../../src/core/promotion/make-plan.ts';
import { parseRequest } from '../../../src/core/promotion/parse-request.ts';
import type { PromotionIdentity } from '../../../src/core/promotion/step-run.ts';

/** Kinds that show what the planner makes of a declaration. */
export const catalogue: StepCatalogue = new Map(
  [
    kind('plain', 'Does nothing.', {}),
    kind('git-clone', 'Clones a repository.', { tools: ['git'], check: checkClone }),
    kind('wait', 'Waits.', { place: 'io', effect: 'external', timeout: 300_000 }),
    kind('compose-output', 'Composes.', { place: 'anywhere', effect: 'none', propagates: true }),
  ].map((one) => [one.kind, one]),
);

function kind(name: string, summary: string, parts: Partial<StepKind>): StepKind {
  const traits = { place: 'workspace', effect: 'workspace', repeatable: true, tools: [] } as const;
  return { ...traits, kind: name, summary, check: () => [], ...parts };
}

function checkClone(config: JsonObject): readonly ConfigProblem[] {
  return [
    ...('repoURL' in config ? [] : [{ path: ['repoURL'], message: 'is required' }]),
    ...('depht' in config ? [{ path: ['depht'], message: 'unknown field, did you mean depth?' }] : []),
  ];
}

const identity: PromotionIdentity = {
  name: 'test.01.f1',
  project: 'demo',
  stage: 'test',
  workflowId: 'w',
  firstRunId: 'r',
  startedAt: '2026-11-21T10:00:00Z',
};

/** Definitions as one YAML file named `d.yaml`. */
export function worldOf(yaml: string, parts: Partial<PlanWorld> = {}): PlanWorld {
  return {
    definitions: readDefinitions([{ name: 'd.yaml', text: yaml }]),
    source: { source: './d', revision: 'abc' },
    catalogue,
    searchAttributes: ['GantryStage'],
    tools: { git: '2.39.5' },
    allowInlineSteps: true,
    ...parts,
  };
}

/** Plans what a client would send; parts of the request that are not given have defaults. */
export function plan(request: object, world: PlanWorld): Planning {
  const parsed = parseRequest([{ project: 'demo', stage: 'test', freight: { name: 'f1' }, ...request }]);
  if (!parsed.request) throw new Error(parsed.problems.map(formatProblem).join('\n'));
  return makePlan(parsed.request, identity, world);
}

/** One line for each problem. */
export function problemsOf(planning: Planning): readonly string[] {
  return planning.problems.map(formatProblem);
}

/** A manifest in YAML. */
export function manifest(kind: string, name: string, rest = ''): string {
  return `apiVersion: kargo.akuity.io/v1alpha1\nkind: ${kind}\nmetadata:\n  name: ${name}\n${rest}---\n`;
}

/** A Stage with the YAML of its steps, each line indented as it is. */
export function stage(steps: string, spec = ''): string {
  return manifest('Stage', 'test', `spec:\n${spec}  promotionTemplate:\n    spec:\n      steps:\n${steps}`);
}
