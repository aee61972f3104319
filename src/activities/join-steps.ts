import { engineActivityNames } from '../core/promotion/calls.ts';
import type { StepDefinition } from './define-step.ts';

/** Gantry's steps and somebody's own. Throws an error that lists everything that is wrong with the own ones. */
export function joinSteps(
  builtIn: readonly StepDefinition[],
  own: readonly StepDefinition[],
): readonly StepDefinition[] {
  const taken = new Set(builtIn.map(({ kind }) => kind));
  const problems = own.flatMap((step) => findFaults(step, taken));
  if (problems.length > 0) throw new Error(['These steps cannot be used:', ...problems].join('\n  '));
  return [...builtIn, ...own];
}

/**
 * What is wrong with the declaration of an own step, which need not have met a compiler. Adds its kind to those that
 * are taken.
 */
export function findFaults(step: StepDefinition, taken: Set<string>): readonly string[] {
  const declared = step as unknown as Readonly<Record<string, unknown>>;
  const faults = Object.entries(rules).filter(([field, { fits }]) => !fits(declared[field]));
  const kind = JSON.stringify(declared['kind']) ?? 'a step without a kind';
  const problems = faults.map(([field, { remedy }]) => `${kind}: ${field} must be ${remedy}`);
  if (typeof declared['kind'] !== 'string') return problems;
  const isTaken = taken.has(declared['kind']) || engineNames.has(declared['kind']);
  taken.add(declared['kind']);
  return isTaken ? [...problems, `${kind}: there is one already, choose another kind`] : problems;
}

/** Activities of our own on the same queues. */
const engineNames: ReadonlySet<string> = new Set([...engineActivityNames, 'default']);

interface Rule {
  readonly fits: (value: unknown) => boolean;
  readonly remedy: string;
}

const rules: Readonly<Record<string, Rule>> = {
  kind: {
    fits: (value) => typeof value === 'string' && /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/.test(value),
    remedy: 'small letters, digits and dashes, such as "write-file"',
  },
  summary: { fits: (value) => typeof value === 'string' && value !== '', remedy: 'one sentence' },
  place: oneOf('anywhere', 'io', 'workspace'),
  effect: oneOf('none', 'workspace', 'external'),
  repeatable: { fits: (value) => typeof value === 'boolean', remedy: 'true or false' },
  config: { fits: isSchema, remedy: 'made by object({ ... })' },
  outputs: { fits: (value) => value === undefined || isSchema(value), remedy: 'made by object({ ... })' },
  run: { fits: (value) => typeof value === 'function', remedy: 'a function' },
};

function oneOf(...choices: readonly string[]): Rule {
  const remedy = choices.map((choice) => JSON.stringify(choice)).join(' or ');
  return { fits: (value) => choices.includes(value as string), remedy };
}

function isSchema(value: unknown): boolean {
  return typeof value === 'object' && value !== null && 'type' in value && value.type === 'object';
}
