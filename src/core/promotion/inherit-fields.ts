import type { JsonObject } from '../json.ts';
import type { Problem } from '../problem.ts';
import type { Inheritance, StepCatalogue } from './catalogue.ts';
import type { InflatedStep } from './inflate.ts';

/**
 * The steps with what they take over from another one in their configs, as written there. A step that lacks what it cannot
 * do without, with no such step before it or several, is a problem.
 */
export function inheritFields(
  steps: readonly InflatedStep[],
  catalogue: StepCatalogue,
): { readonly steps: readonly InflatedStep[]; readonly problems: readonly Problem[] } {
  const problems: Problem[] = [];
  const complete = steps.map((step, index) => {
    const inherits = catalogue.get(step.source.uses ?? '')?.inherits;
    const { config } = step.source;
    if (!inherits || config[inherits.required] !== undefined) return step;
    const givers = steps.slice(0, index).filter(({ source }) => source.uses === inherits.kind);
    const [giver] = givers;
    if (!giver || givers.length > 1) {
      problems.push(explain(step, inherits, givers));
      return step;
    }
    const source = { ...step.source, config: { ...pick(giver.source.config, inherits), ...config } };
    return { ...step, source };
  });
  return { steps: complete, problems };
}

function pick(config: JsonObject, { fields }: Inheritance): JsonObject {
  return Object.fromEntries(
    fields.flatMap((field) => (config[field] === undefined ? [] : [[field, config[field]] as const])),
  );
}

function explain({ source }: InflatedStep, inherits: Inheritance, givers: readonly InflatedStep[]): Problem {
  const { kind, required } = inherits;
  const why =
    givers.length === 0
      ? `there is no ${kind} before it to take it from`
      : `there are several ${kind} before it: ${givers.map(({ alias }) => alias).join(', ')}`;
  return {
    message: `step "${source.alias}" (${source.uses}): config.${required}: is required: ${why}`,
    place: source.locate([...source.path, 'config'], 'key'),
  };
}
