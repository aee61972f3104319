import { fitsSegment, fitsSequence, parseSegment, type Segment } from './segment.ts';

/** A pattern of paths: `*` and `?` within a part, `**` for any number of parts, `{a,b}` for either, `[a-z]`. */
export interface Glob {
  /** Says whether it means the path, given in parts. */
  fits(path: readonly string[], isFolder: boolean): boolean;
  /** Says whether it can mean anything below a folder. */
  reaches(folder: readonly string[]): boolean;
}

/** Takes a pattern apart. Parts `.` and a leading `/` change nothing. Throws an Error when it makes no sense. */
export function parseGlob(pattern: string): Glob {
  const alternatives = expandBraces(pattern).map((text) => parseAlternative(text, pattern));
  return {
    fits: (path, isFolder) =>
      alternatives.some(
        ({ parts, foldersOnly }) =>
          (isFolder || !foldersOnly) &&
          fitsSequence(parts, path, isDeep, (part, name) => part !== deep && fitsSegment(part, name)),
      ),
    reaches: (folder) => alternatives.some(({ parts }) => isOnTheWay(parts, folder)),
  };
}

/** Any number of parts. */
const deep = Symbol('**');

type Part = Segment | typeof deep;

interface Alternative {
  readonly parts: readonly Part[];
  readonly foldersOnly: boolean;
}

function parseAlternative(text: string, pattern: string): Alternative {
  const names = text.split('/').filter((name) => name !== '' && name !== '.');
  const parts = names.map((name) => {
    if (name === '**') return deep;
    return parseSegment(name) ?? malformed(pattern, `"${name}" has no end`);
  });
  return { parts, foldersOnly: text.endsWith('/') };
}

function isDeep(part: Part): boolean {
  return part === deep;
}

function isOnTheWay(parts: readonly Part[], folder: readonly string[]): boolean {
  for (const [index, name] of folder.entries()) {
    const part = parts[index];
    if (part === deep) return true;
    if (part === undefined || !fitsSegment(part, name)) return false;
  }
  return parts.length > folder.length;
}

const maximumAlternatives = 1000;

function expandBraces(pattern: string): readonly string[] {
  const found = findBraces(pattern);
  if (!found) return [pattern];
  const { before, choices, after } = found;
  const expanded = choices.flatMap((choice) => expandBraces(`${before}${choice}${after}`));
  if (expanded.length > maximumAlternatives) malformed(pattern, 'it has too many alternatives');
  return expanded;
}

/** The first `{…}` that is not nested in another. */
function findBraces(
  pattern: string,
): { before: string; choices: readonly string[]; after: string } | undefined {
  const choices: string[] = [];
  let [depth, open, from] = [0, -1, 0];
  for (let at = 0; at < pattern.length; at += 1) {
    const character = pattern[at];
    if (character === '\\') at += 1;
    else if (character === '{' && depth++ === 0) [open, from] = [at, at + 1];
    else if (character === '}' && depth === 0) malformed(pattern, '"}" closes nothing');
    else if (character === ',' && depth === 1) {
      choices.push(pattern.slice(from, at));
      from = at + 1;
    } else if (character === '}' && --depth === 0) {
      choices.push(pattern.slice(from, at));
      return { before: pattern.slice(0, open), choices, after: pattern.slice(at + 1) };
    }
  }
  return open < 0 ? undefined : malformed(pattern, '"{" is not closed');
}

function malformed(pattern: string, reason: string): never {
  throw new Error(`pattern ${JSON.stringify(pattern)} is malformed: ${reason}`);
}
