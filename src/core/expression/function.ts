import { fail } from './errors.ts';
import type { Budget } from './budget.ts';
import { isUnknown, type Nature } from './nature.ts';
import { explainParameter, type Parameter } from './parameters.ts';
import type { TimeZones } from './time/location.ts';
import { typeName, type Dict, type Value } from './values.ts';

/** What an expression may see. Tables of functions are constants: compiled expressions are kept by table. */
export interface Environment {
  /** The names; null where there is no environment at all. */
  readonly values: Dict | null;
  /** What `$env` is where that is not the map of names. */
  readonly root?: Value;
  readonly functions: FunctionTable;
  /** What `now()` answers: RFC 3339. */
  readonly clock?: string;
  /** Time zones by name; without them there are UTC and fixed distances. */
  readonly zones?: TimeZones;
}

export interface CallContext {
  readonly environment: Environment;
  readonly budget: Budget;
}

/** A function of the language: what users read about it, what the checker knows, what it does. */
export interface FunctionDeclaration {
  readonly name: string;
  readonly summary: string;
  readonly example: string;
  readonly parameters: readonly Parameter<unknown>[];
  /** What it returns; a text is a complaint about the types of the arguments. */
  readonly result: Nature | ((args: readonly Nature[]) => Nature | string);
  readonly call: (args: readonly never[], context: CallContext) => Value;
  /** Operations it counts for, beside going through its arguments; 6 if nothing is said. */
  readonly cost?: number;
}

export type FunctionTable = ReadonlyMap<string, FunctionDeclaration>;

type Taken<P extends readonly Parameter<unknown>[]> = {
  [K in keyof P]: P[K] extends Parameter<infer T> ? T : never;
};

/** Declares a function; its arguments arrive checked and typed by the parameters. */
export function defineFunction<const P extends readonly Parameter<unknown>[]>(
  declaration: Omit<FunctionDeclaration, 'parameters' | 'call'> & {
    readonly parameters: P;
    readonly call: (args: Taken<P>, context: CallContext) => Value;
  },
): FunctionDeclaration {
  return declaration as unknown as FunctionDeclaration;
}

/** A table of functions by name. */
export function createFunctionTable(functions: readonly FunctionDeclaration[]): FunctionTable {
  return new Map(functions.map((declaration) => [declaration.name, declaration]));
}

/** Calls a function with whatever came: wrong numbers and types of arguments are errors of stage `run`. */
export function callFunction(
  declaration: FunctionDeclaration,
  args: readonly Value[],
  context: CallContext,
): Value {
  const { name, parameters } = declaration;
  const complaint = complainAboutCount(declaration, args.length);
  if (complaint) fail(complaint);
  context.budget.spend(declaration.cost ?? 6);
  const taken: unknown[] = [];
  for (const [index, value] of args.entries()) {
    context.budget.read(value);
    taken.push(takeArgument(name, parameters[index] ?? parameters.at(-1)!, value));
  }
  return declaration.call(taken as never[], context);
}

/** What is wrong with a number of arguments, if anything. */
export function complainAboutCount(
  { name, parameters }: FunctionDeclaration,
  count: number,
): string | undefined {
  let least = 0;
  for (const { isOptional, isRest } of parameters) if (!isOptional && !isRest) least++;
  const most = parameters.at(-1)?.isRest ? Infinity : parameters.length;
  if (count < least) return `not enough arguments to call ${name}: ${count} instead of ${least}`;
  return count > most ? `too many arguments to call ${name}: ${count} instead of ${most}` : undefined;
}

/** What is wrong with the type of an argument, as far as it is known. */
export function complainAboutType(
  declaration: FunctionDeclaration,
  index: number,
  nature: Nature,
): string | undefined {
  const parameter = declaration.parameters[index] ?? declaration.parameters.at(-1)!;
  if (isUnknown(nature) || parameter.accepts(nature)) return undefined;
  return `${declaration.name} wants ${explainParameter(parameter)} but is given ${nature.native?.name ?? nature.kind}`;
}

function takeArgument(name: string, parameter: Parameter<unknown>, value: Value): unknown {
  const taken = parameter.take(value);
  if (taken === undefined)
    fail(`${name} wants ${explainParameter(parameter)} but is given ${typeName(value)}`);
  return taken;
}
