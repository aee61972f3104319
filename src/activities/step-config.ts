import { messageOf, TerminalError } from '../core/errors.ts';
import type { JsonObject } from '../core/json.ts';
import { formatPath } from '../core/json.ts';
import type { TimeZones } from '../core/expression/time/location.ts';
import { createEnvironment, LookupFailed, type Lookups } from '../core/promotion/environment.ts';
import type { StepRun } from '../core/promotion/step-run.ts';
import { textFieldAt } from '../core/schema/text-field.ts';
import { applyDefaults, validateConfig } from '../core/schema/validate.ts';
import { evaluateConfig } from '../core/template/config.ts';
import type { StepDefinition } from './define-step.ts';

/** An expression that cannot be evaluated. Trying again would not help: the step ends as Errored. */
export class EvaluationError extends Error {
  override readonly name = 'EvaluationError';
}

/** What expressions may read beside the promotion. */
export interface Outside {
  readonly lookups?: Lookups;
  readonly zones?: TimeZones;
}

/**
 * The config a step runs with: expressions evaluated, old options upgraded, defaults filled in, all of it checked. Throws
 * EvaluationError, or TerminalError with every violation; a look-up that failed passes through and is tried again.
 */
export function evaluateStepConfig(
  definition: StepDefinition,
  run: StepRun,
  outside: Outside = {},
): JsonObject {
  const evaluated = evaluate(definition, run, outside);
  const config = applyDefaults(definition.config, definition.upgrade?.(evaluated) ?? evaluated);
  const problems = validateConfig(definition.config, config);
  if (problems.length === 0) return config;
  const lines = problems.map(({ path, message }) =>
    path.length ? `${formatPath(path)}: ${message}` : message,
  );
  throw new TerminalError(`invalid ${definition.kind} config: ${lines.join('; ')}`);
}

function evaluate(definition: StepDefinition, run: StepRun, outside: Outside): JsonObject {
  if (run.unconfigured) return {};
  try {
    const environment = createEnvironment(run.scope, { place: 'config', ...outside });
    return evaluateConfig(run.config, environment, (path) => textFieldAt(definition.config, path));
  } catch (error) {
    if (error instanceof LookupFailed) throw error;
    throw new EvaluationError(`failed to build step context: failed to get step config: ${messageOf(error)}`);
  }
}
