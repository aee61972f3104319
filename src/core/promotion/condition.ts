import type { Json } from '../json.ts';
import { referencesOf } from '../template/references.ts';
import { evaluateTemplate } from '../template/template.ts';
import { createEnvironment, needsLookups } from './environment.ts';
import type { Variable } from './plan.ts';
import type { Scope } from './step-run.ts';

/** What a condition asks for: an answer also after a stop, and things that only an activity can look up. */
export interface ConditionNeeds {
  /** It speaks of `always()` or `failure()`: whoever wrote it thought of an early end. */
  readonly afterStop: boolean;
  readonly lookups: boolean;
}

/** Reads off a condition, without evaluating it, what it and the vars it may read need. */
export function conditionNeeds(text: string, vars: readonly Variable[]): ConditionNeeds {
  const { functions } = referencesOf(text);
  return {
    afterStop: functions.has('always') || functions.has('failure'),
    // All vars are evaluated before the condition, the ones it does not read too.
    lookups: needsLookups(referencesOf(text, ...vars.map(({ value }) => value))),
  };
}

/** Evaluates the `if` of a step that needs nothing from outside. Throws when it is no boolean or does not evaluate. */
export function evaluateCondition(condition: string, scope: Scope): boolean {
  return toBoolean(evaluateTemplate(condition, createEnvironment(scope, { place: 'condition' })));
}

/** The boolean that a condition came to. Throws when it came to something else. */
export function toBoolean(value: Json): boolean {
  if (typeof value === 'boolean') return value;
  throw new TypeError(`expression must evaluate to a boolean, got ${typeNameOf(value)}`);
}

/** Message of a step whose condition could not be decided. */
export function explainCondition(alias: string, reason: string): string {
  return `error checking if step "${alias}" should be skipped: ${reason}`;
}

// Kargo's names of the kinds: people search for its messages.
function typeNameOf(value: Json): string {
  if (value === null) return '<nil>';
  if (Array.isArray(value)) return '[]interface {}';
  if (typeof value === 'object') return 'map[string]interface {}';
  return typeof value === 'number' ? 'float64' : 'string';
}
