import type { Json } from '../core/json.ts';
import type { StepWorld } from './define-step.ts';

/** An output of an earlier step. */
export interface Read {
  readonly alias: string;
  readonly value: Json;
}

/** All that earlier steps put out under a key, in their order. Only keys that the step declares are there. */
export function readsOf({ reads }: Pick<StepWorld, 'reads'>, key: string): readonly Read[] {
  return reads[key] ?? [];
}

/** What the step of this name put out under a key; steps of one task call each other by the names they have inside it. */
export function findRead(
  world: Pick<StepWorld, 'reads' | 'alias'>,
  key: string,
  step: string,
): Read | undefined {
  const { alias } = world;
  const task = alias.includes('::') ? alias.slice(0, alias.lastIndexOf('::') + 2) : '';
  const reads = readsOf(world, key);
  return (
    reads.findLast((read) => read.alias === task + step) ?? reads.findLast((read) => read.alias === step)
  );
}
