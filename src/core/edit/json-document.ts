import { parseTree, type Node, type ParseError } from 'jsonc-parser';
import { explainCode } from '../extract/json-value.ts';
import { positionIn } from '../extract/position.ts';

/** Takes a JSON text apart, comments allowed; undefined when it is empty. Throws an Error with line and column. */
export function parseJsonTree(text: string): Node | undefined {
  const errors: ParseError[] = [];
  const shift = text.startsWith('\uFEFF') ? 1 : 0;
  // What stands for the byte order mark keeps every offset true.
  const content = shift ? ` ${text.slice(1)}` : text;
  if (content.trim() === '') return undefined;
  const [root, repeated] = parseDeep(content, errors);
  const [first] = errors;
  if (first) throw new Error(`${positionIn(text, first.offset)}: ${explainCode(first.error)}`);
  if (repeated) throw new Error(`${positionIn(text, repeated.offset)}: a key stands here twice`);
  return root;
}

/** The root, and the first key that stands somewhere twice. */
function parseDeep(content: string, errors: ParseError[]): readonly [Node | undefined, Node | undefined] {
  try {
    const root = parseTree(content, errors, { allowTrailingComma: false });
    return [root, root && findRepeated(root)];
  } catch (error) {
    if (error instanceof RangeError) throw new Error('the JSON is nested too deeply', { cause: error });
    throw error;
  }
}

/** The value of a property of an object. */
export function memberOf(node: Node, name: string): Node | undefined {
  return node.children?.find(({ children }) => children?.[0]?.value === name)?.children?.[1];
}

/** The texts of two trees are the same in every value but that of `changed`, which is left out. */
export function isSameBut(
  before: Node,
  after: Node | undefined,
  texts: readonly [string, string],
  changed: ReadonlyMap<Node, number>,
): boolean {
  if (before.type === 'object' || before.type === 'array' || before.type === 'property') {
    const [old = [], now = []] = [before.children, after?.children];
    return (
      changed.get(before) === 0 ||
      (after?.type === before.type &&
        now.length === old.length + (changed.get(before) ?? 0) &&
        old.every((child, index) => isSameBut(child, now[index], texts, changed)))
    );
  }
  return (
    changed.get(before) === 0 || (after !== undefined && textOf(before, texts[0]) === textOf(after, texts[1]))
  );
}

function textOf({ offset, length }: Node, text: string): string {
  return text.slice(offset, offset + length);
}

function findRepeated({ type, children = [] }: Node): Node | undefined {
  const seen = new Set<unknown>();
  for (const child of children) {
    const key = type === 'object' ? child.children?.[0] : undefined;
    if (key && seen.has(key.value)) return key;
    if (key) seen.add(key.value);
    const inner = findRepeated(child);
    if (inner) return inner;
  }
  return undefined;
}
