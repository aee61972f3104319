import { definitionsFromJson } from '../../../src/core/definitions/read-definitions.ts';
import type { Definitions } from '../../../src/core/definitions/manifest.ts';
import { valueAt, type Json, type JsonObject } from '../../../src/core/json.ts';
import type { PromotionIdentity } from '../../../src/core/promotion/step-run.ts';
import type { EngineCase } from './engine-case.ts';

const apiVersion = 'kargo.akuity.io/v1alpha1';

/** The manifests of a case: Project, Stage, Warehouses and tasks. */
export function definitionsOf({ promotion, tasks }: EngineCase): Definitions {
  return definitionsFromJson(manifestsOf({ promotion, tasks }));
}

/** The same as JSON, as they are sent along with a request. */
export function manifestsOf({ promotion, tasks }: Pick<EngineCase, 'promotion' | 'tasks'>): JsonObject[] {
  const { project, stage, stageVars = [], vars, steps, warehouses } = promotion;
  const manifest = (kind: string, name: string, spec: JsonObject): JsonObject => ({
    apiVersion,
    kind,
    metadata: { name, ...(kind !== 'Project' && { namespace: project }) },
    spec,
  });
  const requestedFreight = originsOf(promotion).map((name) => ({
    origin: { kind: 'Warehouse', name },
    sources: { direct: true },
  }));
  const promotionTemplate = { spec: { vars, steps: steps as Json } };
  return [
    manifest('Project', project, {}),
    manifest('Stage', stage, { vars: stageVars, requestedFreight, promotionTemplate }),
    ...warehouses.map(({ name, subscriptions }) => manifest('Warehouse', name, { subscriptions })),
    ...tasks,
  ];
}

/** The argument that starts the promotion of a case. */
export function requestOf({ promotion }: Pick<EngineCase, 'promotion'>): JsonObject {
  const { project, stage } = promotion;
  const freight = freightOf(promotion);
  const actor = actorOf(promotion);
  return { project, stage, freight, ...(actor && { actor }) };
}

/** Who promotes what, as Kargo would call it. */
export function identityOf({ promotion }: EngineCase, startedAt: string): PromotionIdentity {
  const { name, project, stage, uiBaseURL, rollback = false } = promotion;
  const actor = actorOf(promotion);
  const run = { workflowId: `case/${name}`, firstRunId: 'run' };
  return {
    name,
    project,
    stage,
    ...run,
    startedAt,
    uiBaseUrl: uiBaseURL,
    rollback,
    ...(actor && { actor }),
  };
}

/** Kargo's annotation begins with the kind of account. */
function actorOf({ actor }: EngineCase['promotion']): string | undefined {
  return actor?.replace(/^[^:]*:/, '');
}

/** The promoted Freight first, then what the Stage keeps of its other origins; a name when there is none such. */
function freightOf(promotion: EngineCase['promotion']): Json {
  const { freight, targetFreight, inherited = [] } = promotion;
  const find = (name: string) => freight.find((one) => one['name'] === name);
  const target = find(targetFreight);
  if (!target) return targetFreight;
  const origins = originsOf(promotion).filter((name) => name !== originOf(target));
  const others = inherited
    .flatMap((name): readonly JsonObject[] => (find(name) ? [find(name)!] : []))
    .filter((one) => origins.includes(originOf(one)));
  return [target, ...others];
}

function originsOf({ requestedFreight, warehouses }: EngineCase['promotion']): readonly string[] {
  return requestedFreight ?? warehouses.map(({ name }) => name);
}

function originOf(freight: JsonObject): string {
  const name = valueAt(freight, ['origin', 'name']);
  return typeof name === 'string' ? name : '';
}
