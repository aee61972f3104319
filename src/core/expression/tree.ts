import type { Nature } from './nature.ts';
import type { Value } from './values.ts';

interface Part {
  /** UTF-16 units from the start of the source. */
  readonly start: number;
  end: number;
  /** Filled in by the checker. */
  nature?: Nature;
}

export interface ConstantNode extends Part {
  readonly kind: 'constant';
  readonly value: Value;
}
export interface NameNode extends Part {
  readonly kind: 'name';
  readonly name: string;
}
export interface PointerNode extends Part {
  readonly kind: 'pointer';
  readonly name: string;
}
export interface UnaryNode extends Part {
  readonly kind: 'unary';
  readonly operator: string;
  operand: Node;
}
export interface BinaryNode extends Part {
  readonly kind: 'binary';
  readonly operator: string;
  left: Node;
  right: Node;
}
export interface ChainNode extends Part {
  readonly kind: 'chain';
  body: Node;
}
export interface MemberNode extends Part {
  readonly kind: 'member';
  base: Node;
  property: Node;
  readonly isOptional: boolean;
}
export interface SliceNode extends Part {
  readonly kind: 'slice';
  base: Node;
  from: Node | undefined;
  to: Node | undefined;
}
export interface CallNode extends Part {
  readonly kind: 'call';
  callee: Node;
  readonly arguments: Node[];
}
/** A builtin. Those with a predicate have it second; `map`, `throws` and `threshold` are the optimizer's. */
export interface BuiltinNode extends Part {
  readonly kind: 'builtin';
  readonly name: string;
  readonly arguments: Node[];
  readonly map?: Node | undefined;
  readonly throws?: boolean;
  readonly threshold?: bigint;
}
export interface PredicateNode extends Part {
  readonly kind: 'predicate';
  body: Node;
}
export interface ConditionalNode extends Part {
  readonly kind: 'conditional';
  condition: Node;
  yes: Node;
  no: Node;
}
export interface LetNode extends Part {
  readonly kind: 'let';
  readonly name: string;
  value: Node;
  body: Node;
}
export interface SequenceNode extends Part {
  readonly kind: 'sequence';
  readonly items: Node[];
}
export interface ArrayNode extends Part {
  readonly kind: 'array';
  readonly items: Node[];
}
/** Keys and values in turn. */
export interface MapNode extends Part {
  readonly kind: 'map';
  readonly items: Node[];
}

/** An expression, read. */
export type Node =
  | ConstantNode
  | NameNode
  | PointerNode
  | UnaryNode
  | BinaryNode
  | ChainNode
  | MemberNode
  | SliceNode
  | CallNode
  | BuiltinNode
  | PredicateNode
  | ConditionalNode
  | LetNode
  | SequenceNode
  | ArrayNode
  | MapNode;

/** Replaces every direct part of a node by what `change` makes of it. */
export function changeParts(node: Node, change: (part: Node) => Node): void {
  switch (node.kind) {
    case 'unary':
      node.operand = change(node.operand);
      break;
    case 'binary':
      node.left = change(node.left);
      node.right = change(node.right);
      break;
    case 'chain':
    case 'predicate':
      node.body = change(node.body);
      break;
    case 'member':
      node.base = change(node.base);
      node.property = change(node.property);
      break;
    case 'slice':
      node.base = change(node.base);
      if (node.from) node.from = change(node.from);
      if (node.to) node.to = change(node.to);
      break;
    case 'call':
      node.callee = change(node.callee);
      changeList(node.arguments, change);
      break;
    case 'builtin':
      changeList(node.arguments, change);
      break;
    case 'conditional':
      node.condition = change(node.condition);
      node.yes = change(node.yes);
      node.no = change(node.no);
      break;
    case 'let':
      node.value = change(node.value);
      node.body = change(node.body);
      break;
    case 'sequence':
    case 'array':
    case 'map':
      changeList(node.items, change);
      break;
    case 'constant':
    case 'name':
    case 'pointer':
      break;
  }
}

/** Every node of a tree, parts after the whole. Needs no stack, however long a sum is. */
export function nodesOf(tree: Node): readonly Node[] {
  const nodes: Node[] = [tree];
  for (let at = 0; at < nodes.length; at++) {
    changeParts(nodes[at]!, (part) => {
      nodes.push(part);
      return part;
    });
  }
  return nodes;
}

function changeList(list: Node[], change: (part: Node) => Node): void {
  for (let index = 0; index < list.length; index++) list[index] = change(list[index]!);
}
