import { ExpressionError } from '../errors.ts';
import type { FunctionTable } from '../function.ts';
import { builtins } from '../functions/index.ts';
import {
  arrayOf,
  elementOf,
  explainNature,
  isArray,
  isSame,
  isUnknown,
  natures,
  type Nature,
} from '../nature.ts';
import { predicates } from '../predicates/index.ts';
import { patternSize } from '../regex.ts';
import type {
  BinaryNode,
  BuiltinNode,
  CallNode,
  ConditionalNode,
  LetNode,
  MapNode,
  MemberNode,
  Node,
  SliceNode,
} from '../tree.ts';
import { checkArguments } from './check-arguments.ts';
import { checkMember } from './check-member.ts';
import { checkOperator } from './check-operator.ts';
import { natureOf } from './nature-of.ts';

/** Deepest nesting of a tree: later passes follow it with the stack. */
const maximumDepth = 1000;

/** Most that the written patterns of one expression may come to. */
const maximumPatterns = 4000;

interface Check {
  readonly functions: FunctionTable;
  readonly variables: { readonly name: string; readonly nature: Nature }[];
  /** What each surrounding predicate walks through, and the names behind `#` it knows. */
  readonly scopes: { readonly items: Nature; readonly pointers: readonly string[] }[];
  depth: number;
  /** Size of all written patterns so far. */
  patterns: number;
}

/** Finds the nature of every node and notes it there. Throws an ExpressionError of stage `compile` at the first fault. */
export function check(tree: Node, functions: FunctionTable): Nature {
  return visit(tree, { functions, variables: [], scopes: [], depth: 0, patterns: 0 });
}

function visit(node: Node, state: Check): Nature {
  if (++state.depth > maximumDepth) refuse(node, `the expression is nested more than ${maximumDepth} deep`);
  node.nature = checkNode(node, state);
  state.depth--;
  return node.nature;
}

function checkNode(node: Node, state: Check): Nature {
  switch (node.kind) {
    case 'constant':
      return natureOf(node.value);
    case 'name':
      return checkName(node.name, state);
    case 'pointer':
      return checkPointer(node, node.name, state);
    case 'unary':
      return checkUnary(node, node.operator, visit(node.operand, state));
    case 'binary':
      return checkBinary(node, state);
    case 'chain':
    case 'predicate':
      return visit(node.body, state);
    case 'member':
      return checkMemberNode(node, state, false);
    case 'slice':
      return checkSlice(node, state);
    case 'call':
      return checkCall(node, state);
    case 'builtin':
      return predicates.has(node.name) ? checkPredicate(node, state) : checkBuiltin(node, state);
    case 'conditional':
      return checkConditional(node, state);
    case 'let':
      return checkLet(node, state);
    case 'sequence':
      return node.items.reduce<Nature>((_, item) => visit(item, state), natures.nil);
    case 'array':
      return checkArray(node.items.map((item) => visit(item, state)));
    default:
      return checkMap(node, state);
  }
}

function checkName(name: string, { variables, functions }: Check): Nature {
  const variable = variables.findLast((candidate) => candidate.name === name);
  if (variable) return variable.nature;
  return functions.has(name) || builtins.has(name) || predicates.has(name)
    ? natures.function
    : natures.unknown;
}

function checkPointer(node: Node, name: string, { scopes }: Check): Nature {
  const scope = scopes.at(-1);
  if (!scope) return refuse(node, '# works in a predicate only');
  if (name === '') return elementOf(scope.items);
  if (!scope.pointers.includes(name)) refuse(node, `unknown pointer #${name}`);
  return name === 'index' ? natures.int : natures.unknown;
}

function checkUnary(node: Node, operator: string, nature: Nature): Nature {
  if (isUnknown(nature)) return operator === 'not' || operator === '!' ? natures.bool : nature;
  const fits = operator === 'not' || operator === '!' ? ['bool'] : ['int', 'float'];
  return fits.includes(nature.kind)
    ? nature
    : refuse(node, `invalid operation: ${operator} ${explainNature(nature)}`);
}

/** Sums of any length need no stack. */
function checkBinary(node: BinaryNode, state: Check): Nature {
  const spine = [node];
  for (let left = node.left; left.kind === 'binary'; left = left.left) spine.push(left);
  visit(spine.at(-1)!.left, state);
  for (const link of spine.toReversed()) {
    visit(link.right, state);
    if (link.operator === 'matches') countPattern(link, state);
    const result = checkOperator(link);
    link.nature = typeof result === 'string' ? refuse(link, result) : result;
  }
  return node.nature!;
}

/** Compiling patterns is dear, and many small ones are as dear as a large one. */
function countPattern({ right }: BinaryNode, state: Check): void {
  if (right.kind === 'constant' && typeof right.value === 'string')
    state.patterns += patternSize(right.value);
  if (state.patterns > maximumPatterns) refuse(right, 'the regular expressions are too large together');
}

function checkMemberNode(node: MemberNode, state: Check, isCalled: boolean): Nature {
  // The language does not look into the brackets behind $env.
  if (node.base.kind === 'name' && node.base.name === '$env') return natures.unknown;
  const base = visit(node.base, state);
  const result = checkMember(base, node.property, visit(node.property, state), isCalled);
  return typeof result === 'string' ? refuse(node.property, result) : result;
}

function checkSlice(node: SliceNode, state: Check): Nature {
  const base = visit(node.base, state);
  if (isUnknown(base)) return base;
  if (!isArray(base) && base.kind !== 'string') refuse(node, `cannot slice ${explainNature(base)}`);
  for (const bound of [node.from, node.to]) {
    const nature = bound && visit(bound, state);
    if (nature && nature.kind !== 'int' && !isUnknown(nature))
      refuse(bound, 'a bound must be a whole number');
  }
  return base;
}

function checkCall(node: CallNode, state: Check): Nature {
  const { callee } = node;
  const declared = callee.kind === 'name' ? state.functions.get(callee.name) : undefined;
  const visitOne = (argument: Node) => visit(argument, state);
  if (declared) return checkArguments(node, declared, node.arguments, [], visitOne);
  if (callee.kind === 'name' && callee.name === '$env') refuse(node, '$env is not a function');
  if (callee.kind === 'member') {
    const base = visit(callee.base, state);
    const name = callee.property.kind === 'constant' ? callee.property.value : undefined;
    const methods = base.native?.methods;
    if (methods && typeof name === 'string' && Object.hasOwn(methods, name)) {
      return checkArguments(node, methods[name]!, node.arguments, [base], visitOne);
    }
  }
  const nature = callee.kind === 'member' ? checkMemberNode(callee, state, true) : visit(callee, state);
  if (!isUnknown(nature)) refuse(node, `${explainNature(nature)} is not a function`);
  return natures.unknown;
}

function checkBuiltin(node: BuiltinNode, state: Check): Nature {
  return checkArguments(node, builtins.get(node.name)!, node.arguments, [], (argument) =>
    visit(argument, state),
  );
}

function checkPredicate(node: BuiltinNode, state: Check): Nature {
  const { isCondition, extra, pointers = [], result } = predicates.get(node.name)!;
  const [collection, predicate, third] = node.arguments;
  const items = visit(collection!, state);
  if (!isArray(items) && !isUnknown(items))
    refuse(node, `${node.name} works on lists, not on ${explainNature(items)}`);
  state.scopes.push({ items, pointers });
  const made = predicate && visit(predicate, state);
  state.scopes.pop();
  if (made?.kind === 'nil') refuse(node, `the predicate of ${node.name} must not be nil`);
  if (made && isCondition && made.kind !== 'bool' && !isUnknown(made)) {
    refuse(predicate, `the predicate of ${node.name} must be true or false, not ${explainNature(made)}`);
  }
  const order = third && visit(third, state);
  if (order && extra === 'order' && order.kind !== 'string' && !isUnknown(order))
    refuse(third, 'the order must be a text');
  return result(items, made);
}

function checkConditional(node: ConditionalNode, state: Check): Nature {
  const condition = visit(node.condition, state);
  if (condition.kind !== 'bool' && !isUnknown(condition)) {
    refuse(node.condition, `${explainNature(condition)} where true or false is wanted`);
  }
  const yes = visit(node.yes, state);
  const no = visit(node.no, state);
  if (yes.kind === 'nil') return no;
  return no.kind === 'nil' || isSame(yes, no) ? yes : natures.unknown;
}

function checkLet(node: LetNode, state: Check): Nature {
  const { name } = node;
  if (state.variables.some((variable) => variable.name === name)) refuse(node, `${name} is already declared`);
  if (state.functions.has(name) || builtins.has(name) || predicates.has(name))
    refuse(node, `${name} is a function`);
  state.variables.push({ name, nature: visit(node.value, state) });
  const nature = visit(node.body, state);
  state.variables.pop();
  return nature;
}

function checkMap(node: MapNode, state: Check): Nature {
  for (const item of node.items) visit(item, state);
  return natures.map;
}

/** Items of one kind make a list of the last one's type. */
function checkArray(items: readonly Nature[]): Nature {
  const last = items.at(-1);
  const kindOf = ({ kind }: Nature) => (kind === 'nil' ? 'unknown' : kind);
  const isUniform = last !== undefined && items.every((item) => kindOf(item) === kindOf(last));
  return arrayOf(isUniform ? last : natures.unknown);
}

function refuse(node: Node, message: string): never {
  throw new ExpressionError('compile', message, node.start);
}
