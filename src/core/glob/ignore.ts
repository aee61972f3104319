import { fitsSegment, fitsSequence, parseSegment, type Segment } from './segment.ts';

/** Says whether a path, given in parts, is ignored by its own name; below an ignored folder nothing comes back. */
export type Ignores = (path: readonly string[], isFolder: boolean) => boolean;

/** Reads rules in the syntax of `.gitignore`, one a line, the last one that fits deciding. */
export function parseIgnoreRules(text: string): Ignores {
  const rules = text.split('\n').flatMap(parseRule);
  return (path, isFolder) => rules.findLast((rule) => fitsRule(rule, path, isFolder))?.ignores ?? false;
}

/** Any number of folders. */
const deep = Symbol('**');

type Part = Segment | typeof deep;

interface Rule {
  readonly parts: readonly Part[];
  readonly ignores: boolean;
  readonly foldersOnly: boolean;
}

function parseRule(line: string): readonly Rule[] {
  const text = line.replace(/\r$/, '').replace(/(?<!\\)((?:\\\\)*) +$/, '$1');
  if (text === '' || text.startsWith('#')) return [];
  const ignores = !text.startsWith('!');
  const pattern = ignores ? text : text.slice(1);
  const foldersOnly = pattern.endsWith('/');
  const path = foldersOnly ? pattern.slice(0, -1) : pattern;
  const names = path.replace(/^\//, '').split('/');
  // Without a slash it means any depth; a last `**` means all that is inside.
  const anywhere = path.includes('/') ? [] : ['**'];
  const inside = names.length > 1 && names.at(-1) === '**' ? ['*'] : [];
  const parts = [...anywhere, ...names, ...inside].map((name) => (name === '**' ? deep : parseSegment(name)));
  return path === '' || parts.includes(undefined) ? [] : [{ parts: parts as Part[], ignores, foldersOnly }];
}

function fitsRule({ parts, foldersOnly }: Rule, path: readonly string[], isFolder: boolean): boolean {
  return (
    (isFolder || !foldersOnly) &&
    fitsSequence(
      parts,
      path,
      (part) => part === deep,
      (part, name) => part !== deep && fitsSegment(part, name),
    )
  );
}
