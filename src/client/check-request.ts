import type { Definitions } from '../core/definitions/manifest.ts';
import type { DefinitionFile } from '../core/definitions/read-definitions.ts';
import type { JsonObject } from '../core/json.ts';
import { errorsOf, formatProblem, type Problem } from '../core/problem.ts';
import { makePlan } from '../core/promotion/make-plan.ts';
import { parseRequest } from '../core/promotion/parse-request.ts';
import { reachableDefinitions } from '../core/promotion/reachable.ts';
import type { PromotionRequest } from '../core/promotion/request.ts';
import { loadCatalogue, readDefinitionPaths } from './definitions.ts';
import { InvalidInput } from './errors.ts';
import { countProblems, explainProblems } from './explain-problems.ts';

/** Where definitions of the user's own are, and who is told of warnings. */
export interface LocalDefinitions {
  /** A folder or a file, relative to `cwd`. */
  readonly path: string;
  readonly cwd: string;
  /** Modules with steps of the user's own. */
  readonly modules?: readonly string[];
  onWarning(text: string): void;
}

/**
 * Checks a request as far as that is possible here and returns what to send: with local definitions those of their
 * manifests that this promotion needs go along. InvalidInput holds every problem with its place.
 */
export async function checkRequest(input: JsonObject, local?: LocalDefinitions): Promise<JsonObject> {
  const request = parse(input);
  if (!local) return input;
  const { definitions, files } = await readDefinitionPaths([local.path], local.cwd);
  const problems = await planProblems(request, definitions, local);
  refuse(problems, files);
  for (const problem of problems) local.onWarning(formatProblem(problem));
  const reached = reachableDefinitions(definitions, request).map(({ body }) => body);
  const complete = { ...input, definitions: reached };
  parse(complete);
  return complete;
}

function parse(input: JsonObject): PromotionRequest {
  const { request, problems } = parseRequest([input]);
  refuse(problems);
  if (!request) throw new InvalidInput('The promotion cannot be used.');
  return request;
}

/** What a worker would say, but with the places in the user's files. Tools are the worker's own affair. */
async function planProblems(
  request: PromotionRequest,
  definitions: Definitions,
  { path: source, modules }: LocalDefinitions,
): Promise<readonly Problem[]> {
  const { project, stage } = request;
  const kinds = await loadCatalogue(modules);
  const catalogue = new Map([...kinds].map(([name, kind]) => [name, { ...kind, tools: [] }]));
  const startedAt = new Date().toISOString();
  const identity = { name: 'check', project, stage, workflowId: 'check', firstRunId: 'check', startedAt };
  const world = { definitions, source: { source, revision: '' }, catalogue, searchAttributes: [], tools: {} };
  return makePlan(request, identity, { ...world, allowInlineSteps: true }).problems;
}

function refuse(problems: readonly Problem[], files: readonly DefinitionFile[] = []): void {
  const errors = errorsOf(problems);
  if (errors.length === 0) return;
  throw new InvalidInput(
    `${explainProblems(errors, files)}\n\n${countProblems(errors)}: nothing was started`,
  );
}
