import { formatPath, type JsonPath } from '../json.ts';
import { positionIn } from '../extract/position.ts';
import { applySplices, type Splice } from './splice.ts';
import { readTomlDocument, type TomlNode, type TomlScalar } from './toml-document.ts';

/** A value that TOML has and JSON too. */
export type TomlValue = string | number | boolean;

/** A new value for a scalar that is there. */
export interface TomlEdit {
  readonly path: JsonPath;
  readonly value: TomlValue;
}

/**
 * The text with new values at these paths; every other byte stays as it is, which is proven by reading the result again. A
 * whole number stays one where a whole number stood, and a fraction a fraction; the last edit of a place wins. Throws an
 * Error with all that stands in the way, each with line and column.
 */
export function updateToml(text: string, edits: readonly TomlEdit[]): string {
  const { root } = readTomlDocument(text);
  const found = edits.map(({ path }) => findScalar(text, root, path));
  const problems = found.filter((target) => typeof target === 'string');
  if (problems.length > 0) throw new Error(problems.join('; '));
  const splices = new Map<TomlScalar, Splice>();
  for (const [index, target] of (found as readonly TomlScalar[]).entries()) {
    const { from, to } = target;
    splices.set(target, { from, to, text: renderToml(edits[index]!.value, target) });
  }
  const updated = applySplices(text, [...splices.values()]);
  if (!isExactly(root, readTomlDocument(updated).root, splices)) {
    const paths = edits.map(({ path }) => formatPath(path)).join(', ');
    throw new Error(`cannot edit ${paths} without changing other values`);
  }
  return updated;
}

/** A value as TOML writes it: text in single quotes where it can stand there, in the place of `old` a number of its kind. */
export function renderToml(value: TomlValue, old?: TomlScalar): string {
  if (typeof value === 'string') return renderText(value);
  if (typeof value === 'boolean') return String(value);
  const isWhole = Number.isInteger(value) && Math.abs(value) <= Number.MAX_SAFE_INTEGER;
  const digits = isWhole ? BigInt(value).toString() : String(value);
  return isWhole && old?.scalar.kind === 'float' ? `${digits}.0` : digits;
}

function renderText(text: string): string {
  if (!/['\p{Cc}]/u.test(text)) return `'${text}'`;
  const escaped = JSON.stringify(text).replaceAll('\x7f', '\\u007f');
  return escaped.replace(/[\x80-\x9f]/g, (sign) => `\\u00${sign.charCodeAt(0).toString(16)}`);
}

function findScalar(text: string, root: TomlNode, path: JsonPath): TomlScalar | string {
  let node = root;
  for (const [index, part] of path.entries()) {
    const here = formatPath(path.slice(0, index + 1));
    if (node.kind === 'scalar')
      return `${positionIn(text, node.from)}: ${here} does not exist: what is above it is no table or list`;
    const next: TomlNode | undefined =
      node.kind === 'table'
        ? node.entries.get(String(part))
        : /^\d+$/.test(String(part))
          ? node.items[Number(part)]
          : undefined;
    if (!next) return `${here} does not exist: keys are never created`;
    node = next;
  }
  if (node.kind === 'scalar') return node;
  return `${formatPath(path)} is no single value but a ${node.kind}`;
}

/** Same shape and same words everywhere but in the places that were to change. */
function isExactly(before: TomlNode, after: TomlNode, splices: ReadonlyMap<TomlScalar, Splice>): boolean {
  if (before.kind === 'scalar')
    return after.kind === 'scalar' && after.text === (splices.get(before)?.text ?? before.text);
  if (before.kind === 'list') {
    return (
      after.kind === 'list' &&
      after.items.length === before.items.length &&
      before.items.every((item, index) => isExactly(item, after.items[index]!, splices))
    );
  }
  return (
    after.kind === 'table' &&
    after.entries.size === before.entries.size &&
    [...before.entries].every(([key, item]) => {
      const other = after.entries.get(key);
      return other !== undefined && isExactly(item, other, splices);
    })
  );
}
