/** Texts that stand for a value in recorded cases, and what they were found to stand for. */
export type Bindings = Map<string, string>;

/** The value with known placeholders filled in; `<commit:ID:8>` is cut to its length. */
export function fillIn(value: unknown, bindings: Bindings): unknown {
  if (typeof value === 'string')
    return value.replace(/<[\w-]+(?::[^<>]+)?>/g, (text) => lookUp(text, bindings) ?? text);
  if (Array.isArray(value)) return value.map((item) => fillIn(item, bindings));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, fillIn(inner, bindings)]));
}

/** Where a value is not what is expected, one line each. New placeholders (`<sha:1>`) are bound on the way. */
export function findDifferences(
  expected: unknown,
  actual: unknown,
  bindings: Bindings,
  path: string,
): string[] {
  if (typeof expected === 'string' && typeof actual === 'string') {
    return matches(expected, actual, bindings) ? [] : [explain(path, fillIn(expected, bindings), actual)];
  }
  if (!isContainer(expected) || !isContainer(actual) || Array.isArray(expected) !== Array.isArray(actual)) {
    return Object.is(expected, actual) ? [] : [explain(path, expected, actual)];
  }
  const keys = new Set([...Object.keys(expected), ...Object.keys(actual)]);
  return [...keys].flatMap((key) => findDifferences(expected[key], actual[key], bindings, `${path}.${key}`));
}

function matches(expected: string, actual: string, bindings: Bindings): boolean {
  const names: string[] = [];
  const filled = fillIn(expected, bindings) as string;
  const pattern = filled
    .split(/(<(?:sha|random|tmp|time|digest|addr|outside)(?::\d+)?>)/)
    .map((part, index) => {
      if (index % 2 === 0) return part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
      const isFirst = part.includes(':') && !names.includes(part);
      if (isFirst) names.push(part);
      const value = part.startsWith('<sha') ? '[0-9a-f]{7,40}' : '[^]*?';
      return isFirst ? `(${value})` : value;
    });
  const found = new RegExp(`^${pattern.join('')}$`).exec(actual);
  names.forEach((name, index) => found && bindings.set(name, found[index + 1]!));
  return found !== null;
}

function lookUp(placeholder: string, bindings: Bindings): string | undefined {
  const [, name, length] = /^(<commit:[^:>]+):(\d+)>$/.exec(placeholder) ?? [];
  return name ? bindings.get(`${name}>`)?.slice(0, Number(length)) : bindings.get(placeholder);
}

function isContainer(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}

function explain(path: string, expected: unknown, actual: unknown): string {
  return `${path}: expected ${JSON.stringify(expected)}, got ${JSON.stringify(actual)}`;
}
