import type { JsonObject, JsonPath } from '../core/json.ts';
import { valueAt } from '../core/json.ts';
import type { ConfigProblem, StepCatalogue, StepKind } from '../core/promotion/catalogue.ts';
import { findDeprecated } from '../core/schema/deprecations.ts';
import { checkConfig } from '../core/schema/validate.ts';
import type { StepDefinition } from './define-step.ts';

/** What the planner needs to know of these steps: their traits, and how to check a config as written. */
export function createCatalogue(steps: readonly StepDefinition[]): StepCatalogue {
  return new Map(steps.map((step) => [step.kind, createKind(step)]));
}

function createKind({ upgrade, config, ...step }: StepDefinition): StepKind {
  const {
    kind,
    summary,
    place,
    effect,
    repeatable,
    changesFiles,
    isGuarded,
    channels,
    reads,
    propagates,
    timeout,
    errorThreshold,
    inherits,
    traits,
    tools = [],
  } = step;
  return {
    kind,
    summary,
    place,
    effect,
    repeatable,
    tools,
    ...(changesFiles && { changesFiles }),
    ...(isGuarded && { isGuarded }),
    ...(channels && { channels }),
    ...(reads && { reads }),
    ...(propagates !== undefined && { propagates }),
    ...(timeout !== undefined && { timeout }),
    ...(errorThreshold !== undefined && { errorThreshold }),
    ...(inherits && { inherits }),
    ...(traits && { traits }),
    check(written) {
      const problems = checkConfig(config, upgrade ? upgrade(written) : written);
      const errors = upgrade ? problems.map((problem) => placeIn(written, problem)) : problems;
      return [...errors, ...findDeprecated(config as unknown as JsonObject, written)];
    },
  };
}

/** Problems of an upgraded config point into the one that was written: as deep as that one reaches. */
function placeIn(written: JsonObject, { path, message }: ConfigProblem): ConfigProblem {
  let known: JsonPath = path;
  // The last part may be a field that is missing: only what leads to it has to be there.
  while (known.length > 1 && valueAt(written, known.slice(0, -1)) === undefined) known = known.slice(0, -1);
  return { path: known, message };
}
