/** What one character, or one part of a path, may be. */
export type Token = { readonly any: true } | { readonly one: (character: string) => boolean };

/** A part of a path pattern: `*`, `?`, `[a-z]`, `[!a]` and `\` before what is meant as it stands. */
export type Segment = readonly Token[];

/** Takes one part of a pattern apart; undefined when a class or an escape has no end. */
export function parseSegment(text: string): Segment | undefined {
  const characters = Array.from(text);
  const tokens: Token[] = [];
  for (let at = 0; at < characters.length; at += 1) {
    const character = characters[at]!;
    if (character === '*') tokens.push({ any: true });
    else if (character === '?') tokens.push({ one: () => true });
    else if (character === '[') {
      const found = parseClass(characters, at + 1);
      if (!found) return undefined;
      tokens.push({ one: found.one });
      at = found.end;
    } else {
      if (character === '\\') at += 1;
      const literal = characters[at];
      if (literal === undefined) return undefined;
      tokens.push({ one: (other) => other === literal });
    }
  }
  return tokens;
}

/** Says whether a name fits a part of a pattern. */
export function fitsSegment(segment: Segment, name: string): boolean {
  return fitsSequence(
    segment,
    Array.from(name),
    isAny,
    (token, character) => 'one' in token && token.one(character),
  );
}

/**
 * Says whether a sequence fits a pattern in which some items (`isWild`) stand for any number of anything. One way back
 * is enough, so time grows with the product of the lengths at most.
 */
export function fitsSequence<P, S>(
  pattern: readonly P[],
  subject: readonly S[],
  isWild: (item: P) => boolean,
  fits: (item: P, element: S) => boolean,
): boolean {
  let [at, here, wildAt, resume] = [0, 0, -1, 0];
  while (here < subject.length) {
    if (at < pattern.length && isWild(pattern[at]!)) {
      [wildAt, resume] = [at, here];
      at += 1;
    } else if (at < pattern.length && fits(pattern[at]!, subject[here]!)) {
      at += 1;
      here += 1;
    } else if (wildAt >= 0) {
      resume += 1;
      [at, here] = [wildAt + 1, resume];
    } else return false;
  }
  return pattern.slice(at).every(isWild);
}

function isAny(token: Token): boolean {
  return 'any' in token;
}

interface Class {
  readonly one: (character: string) => boolean;
  /** Position of its bracket. */
  readonly end: number;
}

function parseClass(characters: readonly string[], start: number): Class | undefined {
  const isNegated = characters[start] === '!' || characters[start] === '^';
  const ranges: (readonly [low: string, high: string])[] = [];
  let at = isNegated ? start + 1 : start;
  for (let isFirst = true; isFirst || characters[at] !== ']'; isFirst = false) {
    const low = readMember(characters, at);
    if (!low) return undefined;
    at = low.end;
    const isRange = characters[at] === '-' && characters[at + 1] !== ']';
    const high = isRange ? readMember(characters, at + 1) : low;
    if (!high) return undefined;
    at = high.end;
    ranges.push([low.character, high.character]);
  }
  const has = (character: string) => ranges.some(([low, high]) => low <= character && character <= high);
  return { one: (character) => has(character) !== isNegated, end: at };
}

function readMember(
  characters: readonly string[],
  at: number,
): { readonly character: string; readonly end: number } | undefined {
  const from = characters[at] === '\\' ? at + 1 : at;
  const character = characters[from];
  return character === undefined ? undefined : { character, end: from + 1 };
}
