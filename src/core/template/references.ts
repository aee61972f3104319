import { parseExpression } from '../expression/expression.ts';
import { findFixedLocation } from '../expression/time/location.ts';
import { nodesOf, type BuiltinNode, type MemberNode, type Node } from '../expression/tree.ts';
import { isObject, type Json } from '../json.ts';
import { hasExpression, splitTemplate } from './split.ts';

/** Names below `outputs`, `vars` and so on; `all` where a key is only known when it runs. */
export type Names = ReadonlySet<string> | 'all';

/** What expressions read, as far as it shows without running them. */
export interface References {
  readonly outputs: Names;
  readonly vars: Names;
  readonly taskOutputs: Names;
  readonly stepMetas: Names;
  /** Names that are called, builtins included. */
  readonly functions: ReadonlySet<string>;
  /** Top-level names: `ctx`, `secrets`, a var without `vars.`; `$env` reads everything. */
  readonly names: ReadonlySet<string>;
  /** Whether a time zone is wanted that has rules, or whose name is only known when it runs. */
  readonly zones: boolean;
}

/** What all expressions in some values read, keys aside. A text that cannot be read reads nothing. */
export function referencesOf(...values: readonly Json[]): References {
  const found: Found = {
    outputs: new Keys(),
    vars: new Keys(),
    taskOutputs: new Keys(),
    stepMetas: new Keys(),
    functions: new Set(),
    names: new Set(),
    zones: false,
  };
  for (const value of values) collect(value, found);
  // A name alone may be that of a var.
  if (found.names.has('$env'))
    for (const keys of [found.outputs, found.vars, found.taskOutputs, found.stepMetas]) keys.addAll();
  for (const name of found.names) found.vars.add(name);
  const { outputs, vars, taskOutputs, stepMetas, functions, names, zones } = found;
  return {
    outputs: outputs.names,
    vars: vars.names,
    taskOutputs: taskOutputs.names,
    stepMetas: stepMetas.names,
    functions,
    names,
    zones,
  };
}

class Keys {
  names: Set<string> | 'all' = new Set();

  add(name: string): void {
    if (this.names !== 'all') this.names.add(name);
  }
  addAll(): void {
    this.names = 'all';
  }
}

interface Found {
  readonly outputs: Keys;
  readonly vars: Keys;
  readonly taskOutputs: Keys;
  readonly stepMetas: Keys;
  readonly functions: Set<string>;
  readonly names: Set<string>;
  zones: boolean;
}

function collect(value: Json, found: Found): void {
  if (typeof value === 'string') {
    if (hasExpression(value)) collectTemplate(value, found);
  } else if (Array.isArray(value)) {
    for (const item of value as readonly Json[]) collect(item, found);
  } else if (isObject(value)) {
    for (const item of Object.values(value)) collect(item, found);
  }
}

function collectTemplate(text: string, found: Found): void {
  try {
    for (const segment of splitTemplate(text)) {
      if (typeof segment === 'string') continue;
      for (const nested of segment.nested.values()) collectTemplate(nested, found);
      collectTree(parseExpression(segment.expression), found);
    }
  } catch {
    // What cannot be read is reported where it is evaluated.
  }
}

function collectTree(tree: Node, found: Found): void {
  const nodes = nodesOf(tree);
  const owners = new Map<Node, MemberNode>();
  for (const node of nodes) if (node.kind === 'member') owners.set(baseOf(node), node);
  for (const node of nodes) {
    if (node.kind === 'builtin') collectBuiltin(node, found);
    if (node.kind === 'call' && node.callee.kind === 'name') found.functions.add(node.callee.name);
    if (node.kind === 'name') collectName(node.name, owners.get(node), owners, found);
  }
}

function collectBuiltin({ name, arguments: args }: BuiltinNode, found: Found): void {
  found.functions.add(name);
  const zone = name === 'timezone' ? args[0] : name === 'date' && args.length > 2 ? args.at(-1) : undefined;
  if (zone && !isFixedZone(zone)) found.zones = true;
}

function isFixedZone(node: Node): boolean {
  return (
    node.kind === 'constant' && typeof node.value === 'string' && findFixedLocation(node.value) !== undefined
  );
}

function collectName(
  name: string,
  owner: MemberNode | undefined,
  owners: ReadonlyMap<Node, MemberNode>,
  found: Found,
): void {
  found.names.add(name);
  if (name === 'outputs' || name === 'vars' || name === 'stepMetas') addKey(found[name], owner);
  if (name !== 'task') return;
  const key = owner && keyOf(owner);
  if (key === undefined) found.taskOutputs.addAll();
  else if (key === 'outputs') addKey(found.taskOutputs, owners.get(owner!));
}

function addKey(keys: Keys, owner: MemberNode | undefined): void {
  const key = owner && keyOf(owner);
  // `outputs.Get(alias)` may read any of them.
  if (key === undefined || key === 'Get') keys.addAll();
  else keys.add(key);
}

function keyOf({ property }: MemberNode): string | undefined {
  return property.kind === 'constant' && typeof property.value === 'string' ? property.value : undefined;
}

/** What a member is read from, chains aside. */
function baseOf(node: MemberNode): Node {
  return node.base.kind === 'chain' ? node.base.body : node.base;
}
