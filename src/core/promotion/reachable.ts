import { isObject, valueAt, type Json, type JsonObject } from '../json.ts';
import type { PromotionRequest } from './request.ts';
import { findManifest, listManifests, type Definitions, type Manifest } from '../definitions/manifest.ts';
import { findProjectConfig } from './generated-branch.ts';
import { parseFreight } from '../freight/parse-freight.ts';

/**
 * The manifests a promotion needs: Project with its settings, Stage, the tasks of its steps, the Warehouses it requests and the Freight it
 * names. What is missing is left out, and what is malformed is passed on: whoever plans reports it.
 */
export function reachableDefinitions(
  definitions: Definitions,
  request: Pick<PromotionRequest, 'project' | 'stage' | 'freight' | 'steps'>,
): readonly Manifest[] {
  const { project } = request;
  const stage = findManifest(definitions, 'Stage', request.stage, project);
  const spec = (...path: string[]) => objectsAt(stage?.body, ['spec', ...path]);
  const steps = request.steps ?? spec('promotionTemplate', 'spec', 'steps');
  const warehouses = spec('requestedFreight').map((item) => valueAt(item, ['origin', 'name']));
  const found = [
    findManifest(definitions, 'Project', project),
    findProjectConfig(definitions, project),
    stage,
    ...findTasks(definitions, project, steps),
    ...warehouses.map((name) =>
      typeof name === 'string' ? findManifest(definitions, 'Warehouse', name, project) : undefined,
    ),
    ...findFreight(definitions, request),
    ...listManifests(definitions, 'MessageChannel', project),
    ...listManifests(definitions, 'ClusterMessageChannel'),
  ];
  return [...new Set(found)].filter((manifest) => manifest !== undefined);
}

/** The tasks of steps, and those that they use themselves. */
function findTasks(
  definitions: Definitions,
  project: string,
  steps: readonly JsonObject[],
): readonly Manifest[] {
  const found = new Set<Manifest>();
  const pending = [...steps];
  for (let step = pending.pop(); step; step = pending.pop()) {
    const task = findTask(definitions, project, step['task']);
    if (!task || found.has(task)) continue;
    found.add(task);
    pending.push(...objectsAt(task.body, ['spec', 'steps']));
  }
  return [...found];
}

function findTask(definitions: Definitions, project: string, task: Json | undefined): Manifest | undefined {
  if (!isObject(task) || typeof task['name'] !== 'string') return undefined;
  const kind = task['kind'] === 'ClusterPromotionTask' ? 'ClusterPromotionTask' : 'PromotionTask';
  return findManifest(definitions, kind, task['name'], project);
}

function findFreight(
  definitions: Definitions,
  { freight, project }: Pick<PromotionRequest, 'project' | 'freight'>,
): readonly Manifest[] {
  if (typeof freight !== 'string') return [];
  const named = findManifest(definitions, 'Freight', freight, project);
  if (named) return [named];
  return listManifests(definitions, 'Freight', project).filter(
    ({ body, locate }) => parseFreight(body, locate).freight?.alias === freight,
  );
}

function objectsAt(body: JsonObject | undefined, path: readonly string[]): readonly JsonObject[] {
  const list = valueAt(body, path);
  return Array.isArray(list) ? (list as readonly Json[]).filter(isObject) : [];
}
