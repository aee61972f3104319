import { fail } from '../../../expression/errors.ts';
import { formatText } from '../../../expression/format/text.ts';
import { native, optional, type Parameter } from '../../../expression/parameters.ts';
import type { Origin } from '../../../freight/freight.ts';
import { FreightLookupError } from '../../../freight/find-artifact.ts';
import { originType } from './artifacts.ts';
import { Structure } from './structure.ts';

/** The parameter that says which Warehouse is meant. */
export const originParameter: Parameter<Structure | undefined> = optional(
  native('origin', Structure, originType),
);

/** The origin of an argument, if one was given. */
export function originOf(value: Structure | undefined): Origin | undefined {
  if (!value) return undefined;
  if (value.type !== originType) return fail('a Warehouse is wanted: use warehouse(name)');
  return { kind: 'Warehouse', name: formatText(value.field('Name') ?? '') };
}

/** Runs a search of the Freight; that several things could be meant is an error of the expression. */
export function search<T>(find: () => T): T {
  try {
    return find();
  } catch (error) {
    return error instanceof FreightLookupError ? fail(error.message) : rethrow(error);
  }
}

function rethrow(error: unknown): never {
  throw error;
}
