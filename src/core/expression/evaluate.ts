import { suggest } from '../did-you-mean.ts';
import { negate } from './arithmetic.ts';
import { fetch, findItems, slice, type Items } from './access.ts';
import { Budget } from './budget.ts';
import { ExpressionError, fail } from './errors.ts';
import { callFunction, type CallContext, type Environment } from './function.ts';
import { builtins } from './functions/index.ts';
import { applyBinary } from './operators.ts';
import { predicates } from './predicates/index.ts';
import type { BinaryNode, BuiltinNode, CallNode, MapNode, MemberNode, Node } from './tree.ts';
import { AnyDict, Callable, Dict, isNil, List, typeName, type Value } from './values.ts';

interface Run extends CallContext {
  readonly environment: Environment;
  readonly budget: Budget;
  readonly variables: { readonly name: string; readonly value: Value }[];
  readonly scopes: Scope[];
}

/** What `#`, `#index` and `#acc` are in the innermost predicate. */
interface Scope {
  readonly items: Items;
  index: number;
  accumulator: Value;
}

/** Stands for the rest of a chain behind `?.` on nil. */
const absent = Symbol('absent');

/** The value of a checked tree. Throws an ExpressionError of stage `run`. */
export function evaluate(tree: Node, environment: Environment): Value {
  try {
    return visit(tree, { environment, budget: new Budget(), variables: [], scopes: [] });
  } catch (error) {
    if (error instanceof RangeError) fail('the expression is nested too deeply');
    throw error;
  }
}

/** Evaluates a node; an error without a place gets that of the innermost node. */
function visit(node: Node, run: Run): Value {
  run.budget.spend(1);
  try {
    return evaluateNode(node, run);
  } catch (error) {
    if (!(error instanceof ExpressionError) || error.offset !== undefined) throw error;
    throw new ExpressionError('run', error.message, node.start);
  }
}

function evaluateNode(node: Node, run: Run): Value {
  switch (node.kind) {
    case 'constant':
      return node.value;
    case 'name':
      return evaluateName(node.name, run);
    case 'pointer':
      return evaluatePointer(node.name, run);
    case 'unary':
      return evaluateUnary(node.operator, visit(node.operand, run));
    case 'binary':
      return evaluateBinary(node, run);
    case 'chain':
    case 'member':
    case 'call': {
      const value = evaluateLink(node, run);
      return value === absent ? null : value;
    }
    case 'slice': {
      const base = visit(node.base, run);
      run.budget.read(base);
      return slice(base, node.from && visit(node.from, run), node.to && visit(node.to, run), run.budget);
    }
    case 'builtin':
      return predicates.has(node.name) ? evaluatePredicate(node, run) : evaluateBuiltin(node, run);
    case 'predicate':
      return visit(node.body, run);
    case 'conditional':
      return visit(truth(visit(node.condition, run)) ? node.yes : node.no, run);
    case 'let': {
      run.variables.push({ name: node.name, value: visit(node.value, run) });
      const value = visit(node.body, run);
      run.variables.pop();
      return value;
    }
    case 'sequence':
      return node.items.reduce<Value>((_, item) => visit(item, run), null);
    case 'array':
      run.budget.allocate(node.items.length);
      return new List(node.items.map((item) => visit(item, run)));
    default:
      return evaluateMap(node, run);
  }
}

function evaluateName(name: string, { variables, environment: { values, root = values } }: Run): Value {
  for (let at = variables.length - 1; at >= 0; at--) {
    const variable = variables[at]!;
    if (variable.name === name) return variable.value;
  }
  if (name === '$env') return root;
  return values === null
    ? fail(`there is nothing to read ${name} from here`)
    : (values.entries.get(name) ?? null);
}

function evaluatePointer(name: string, { scopes }: Run): Value {
  const scope = scopes.at(-1)!;
  if (name === 'index') return BigInt(scope.index);
  return name === 'acc' ? scope.accumulator : scope.items.at(scope.index);
}

function evaluateUnary(operator: string, value: Value): Value {
  if (operator === '-') return negate(value);
  return operator === '+' ? value : !truth(value);
}

/** Sums of any length need no stack: the left operands are walked down in a loop. */
function evaluateBinary(node: BinaryNode, run: Run): Value {
  const { left: first } = node;
  if (first.kind !== 'binary') return evaluateOperator(node, visit(first, run), run);
  const spine = [node];
  for (let left = node.left; left.kind === 'binary'; left = left.left) spine.push(left);
  let value = visit(spine.at(-1)!.left, run);
  for (const link of spine.toReversed()) value = evaluateOperator(link, value, run);
  return value;
}

function evaluateOperator(node: BinaryNode, left: Value, run: Run): Value {
  const { operator } = node;
  if (operator === 'and' || operator === '&&') return truth(left) && visit(node.right, run);
  if (operator === 'or' || operator === '||') return truth(left) || visit(node.right, run);
  if (operator === '??') return isNil(left) ? visit(node.right, run) : left;
  return applyBinary(node, left, visit(node.right, run), run.budget);
}

/** A link of a chain of members: nil behind `?.` ends the whole chain. */
function evaluateLink(node: Node, run: Run): Value | typeof absent {
  if (node.kind === 'chain') {
    const value = evaluateLink(node.body, run);
    return value === absent || isNil(value) ? null : value;
  }
  if (node.kind === 'member') return evaluateMember(node, run);
  if (node.kind === 'call') return evaluateCall(node, run);
  return visit(node, run);
}

function evaluateMember(node: MemberNode, run: Run): Value | typeof absent {
  const base = evaluateLink(node.base, run);
  if (base === absent || (node.isOptional && isNil(base))) return absent;
  if (typeof base === 'string') run.budget.read(base);
  try {
    return fetch(base, visit(node.property, run), run);
  } catch (error) {
    if (!(error instanceof ExpressionError) || error.offset !== undefined) throw error;
    throw new ExpressionError('run', error.message, node.property.start);
  }
}

function evaluateCall(node: CallNode, run: Run): Value | typeof absent {
  const { callee } = node;
  const declared = callee.kind === 'name' ? run.environment.functions.get(callee.name) : undefined;
  if (declared) return callFunction(declared, visitAll(node.arguments, run), run);
  const target = evaluateLink(callee, run);
  if (target === absent) return absent;
  if (target instanceof Callable) return target.call(visitAll(node.arguments, run));
  return fail(explainNoFunction(callee, target, run));
}

function explainNoFunction(callee: Node, target: Value, { environment }: Run): string {
  if (target !== null) return `${typeName(target)} is not a function`;
  if (callee.kind !== 'name') return 'cannot call nil: there is no such function';
  const known = [...environment.functions.keys(), ...builtins.keys(), ...predicates.keys()];
  return `cannot call nil: there is no function ${callee.name}${suggest(callee.name, known)}`;
}

function evaluateBuiltin(node: BuiltinNode, run: Run): Value {
  return callFunction(builtins.get(node.name)!, visitAll(node.arguments, run), run);
}

function visitAll(nodes: readonly Node[], run: Run): readonly Value[] {
  return nodes.map((node) => visit(node, run));
}

function evaluatePredicate(node: BuiltinNode, run: Run): Value {
  const [collection, predicate, extra] = node.arguments;
  const source = visit(collection!, run);
  run.budget.read(source);
  const items = itemsOf(source, node.name);
  const scope: Scope = { items, index: 0, accumulator: null };
  const inside = (body: Node | undefined, index: number, accumulator: Value): Value => {
    scope.index = index;
    scope.accumulator = accumulator;
    if (!body) return items.at(index);
    run.scopes.push(scope);
    const value = visit(body, run);
    run.scopes.pop();
    return value;
  };
  return predicates.get(node.name)!.call({
    items,
    budget: run.budget,
    evaluate: (index, accumulator = null) => inside(predicate, index, accumulator),
    test: (index) => truth(inside(predicate, index, null)),
    take: (index) => inside(node.map, index, null),
    extra: extra && visit(extra, run),
    throws: node.throws ?? false,
    threshold: node.threshold,
  });
}

/** Maps have a length, so they can be walked through as long as no item is read. */
function itemsOf(value: Value, name: string): Items {
  const found = findItems(value);
  if (found) return found;
  if (value instanceof Dict || value instanceof AnyDict) {
    return { length: value.entries.size, at: () => fail(`${name} works on lists, not on maps`) };
  }
  return fail(`${name} works on lists, not on ${typeName(value)}`);
}

/** The first of two entries with the same key wins. */
function evaluateMap(node: MapNode, run: Run): Value {
  const entries = new Map<string, Value>();
  run.budget.allocate(node.items.length / 2);
  for (let at = 0; at < node.items.length; at += 2) {
    const key = visit(node.items[at]!, run);
    const value = visit(node.items[at + 1]!, run);
    if (typeof key !== 'string') fail(`a map key must be a text, not ${typeName(key)}`);
    if (!entries.has(key)) entries.set(key, value);
  }
  return new Dict(entries);
}

function truth(value: Value): boolean {
  return typeof value === 'boolean' ? value : fail(`${typeName(value)} where true or false is wanted`);
}
