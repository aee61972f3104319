import type { StepDefinition } from '../activities/define-step.ts';
import { engineActivityNames } from '../core/promotion/calls.ts';

/** Gantry's steps and somebody's own. Throws an error that lists every own step that cannot be told from another. */
export function joinSteps(
  builtIn: readonly StepDefinition[],
  own: readonly StepDefinition[],
): readonly StepDefinition[] {
  const taken = new Set<string>([...builtIn.map(({ kind }) => kind), ...engineActivityNames, 'default']);
  const problems = own.flatMap(({ kind }) => {
    if (!isKind.test(kind)) {
      return [
        `${JSON.stringify(kind)}: write the kind in small letters, digits and dashes, such as "write-file"`,
      ];
    }
    if (taken.has(kind)) return [`"${kind}": there is one already, choose another kind`];
    taken.add(kind);
    return [];
  });
  if (problems.length > 0) throw new Error(['These steps cannot be used:', ...problems].join('\n  '));
  return [...builtIn, ...own];
}

const isKind = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
