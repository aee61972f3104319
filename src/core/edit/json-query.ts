import { fitsSegment, parseSegment } from '../glob/segment.ts';

/** `#(name=="app")`: the items of a list that are like this; the first one, or all. */
export interface JsonQuery {
  /** Names down from the item; none = the item itself. */
  readonly member: readonly string[];
  /** Says whether a member is like it; whatever is no text, number or boolean is not. */
  readonly fits: (value: unknown) => boolean;
  readonly all: boolean;
}

/** The query that a text begins with, undefined when it begins with none. Throws an Error for one that cannot be meant. */
export function readQuery(
  key: string,
  rest: string,
): { readonly query: JsonQuery; readonly text: string } | undefined {
  if (!rest.startsWith('#(')) return undefined;
  const found = form.exec(rest);
  if (!found) throw new Error(`key "${key}": a query is written #(name=="app"), with )# for all items`);
  const [text, path, operator, literal = '', all] = found;
  const member = path?.split('.') ?? [];
  const fits = operator === undefined ? () => true : compare(key, operator, literal);
  return { query: { member, fits, all: all === '#' }, text };
}

const form =
  /^#\(\s*(?:([\w@-]+(?:\.[\w@-]+)*)\s*)?(?:(==?|!=|<=?|>=?|!?%)\s*("(?:[^"\\]|\\.)*"|[^\s")]+)\s*)?\)(#?)(?=\.|$)/;

function compare(key: string, operator: string, literal: string): JsonQuery['fits'] {
  const wanted = readLiteral(key, literal);
  if (operator.endsWith('%')) {
    const segment = parseSegment(String(wanted).replaceAll('[', '\\['));
    if (!segment || typeof wanted !== 'string')
      throw new Error(`key "${key}": ${literal} is no pattern: write a text with * and ?`);
    return (value) => typeof value === 'string' && fitsSegment(segment, value) === (operator === '%');
  }
  if (operator === '!=') return (value) => value !== wanted;
  if (operator.startsWith('=')) return (value) => value === wanted;
  return (value) => typeof value === typeof wanted && isInOrder(operator, value, wanted);
}

function readLiteral(key: string, literal: string): unknown {
  try {
    return JSON.parse(literal) as unknown;
  } catch (error) {
    throw new Error(`key "${key}": ${literal} is neither a text in quotes nor a number`, { cause: error });
  }
}

function isInOrder(operator: string, value: unknown, wanted: unknown): boolean {
  if (value === wanted) return operator.endsWith('=');
  const isLess = (value as string) < (wanted as string);
  return operator.startsWith('<') ? isLess : !isLess;
}
