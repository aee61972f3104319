import { formatPath, isObject, type Json, type JsonPath } from '../json.ts';
import type { Problem } from '../problem.ts';
import { referencesOf } from '../template/references.ts';
import type { StepCatalogue } from './catalogue.ts';
import type { InflatedStep } from './inflate.ts';
import type { Variable } from './plan.ts';

/** Refuses secrets in configs that become outputs: those stand in the history, for everybody to read. */
export function checkSecrets(
  steps: readonly InflatedStep[],
  vars: readonly Variable[],
  catalogue: StepCatalogue,
): readonly Problem[] {
  return steps.flatMap(({ source, alias, vars: own }) => {
    if (!catalogue.get(source.uses ?? '')?.propagates) return [];
    return secretsIn(source.config, [...vars, ...own]).map((path) => ({
      message: `step "${alias}" (${source.uses}): ${formatPath(path)} reads a secret, and everybody can see the output of this step: read the secret where it is needed`,
      place: source.locate([...source.path, ...path]),
    }));
  });
}

/** Where a config reads a secret, itself or through one of the vars. */
export function secretsIn(config: Json, vars: readonly Variable[]): readonly JsonPath[] {
  return findSecrets(config, ['config'], secretVars(vars));
}

/** Names of the vars that read a secret, themselves or through an earlier one. */
function secretVars(vars: readonly Variable[]): ReadonlySet<string> {
  const secret = new Set<string>();
  for (const { name, value } of vars) {
    if (readsSecret(value, secret)) secret.add(name);
    else secret.delete(name);
  }
  return secret;
}

function findSecrets(value: Json, path: JsonPath, vars: ReadonlySet<string>): readonly JsonPath[] {
  if (typeof value === 'string') return readsSecret(value, vars) ? [path] : [];
  if (Array.isArray(value))
    return (value as readonly Json[]).flatMap((item, index) => findSecrets(item, [...path, index], vars));
  if (!isObject(value)) return [];
  return Object.entries(value).flatMap(([key, item]) => findSecrets(item, [...path, key], vars));
}

function readsSecret(text: string, secretVars: ReadonlySet<string>): boolean {
  const { functions, names, vars } = referencesOf(text);
  if (functions.has('secret') || functions.has('sharedSecret') || names.has('secrets')) return true;
  return vars === 'all' ? secretVars.size > 0 : [...secretVars].some((name) => vars.has(name));
}
