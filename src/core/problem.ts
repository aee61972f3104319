import { formatPath, type JsonPath } from './json.ts';

/** Where in the user's own text something is: a file with line and column, or a path in a JSON document. */
export interface Place {
  /** File name as the user knows it, or `input` for the workflow's argument. */
  readonly source?: string;
  /** 1-based. */
  readonly line?: number;
  /** 1-based, in UTF-16 units. */
  readonly column?: number;
  /** UTF-16 units of that line which are at fault, from the column on; absent = where it begins is all that is known. */
  readonly length?: number;
  readonly path?: JsonPath;
}

/** One thing that is wrong, in words a user can act on. All problems are reported at once. */
export interface Problem {
  /** What is wrong: names step, field and value (never a secret), and the remedy where there is one. */
  readonly message: string;
  readonly place: Place;
  /** A warning is most likely a mistake, but stops nothing; a note says what was left aside. Default: error. */
  readonly severity?: 'error' | 'warning' | 'note';
}

/** `stages.yaml:12:7` or `input: steps[2].uses`; empty when the problem has no place. */
export function formatPlace({ source, line, column, path }: Place): string {
  if (line !== undefined) return `${source ?? 'input'}:${line}:${column ?? 1}`;
  return [source, path?.length ? formatPath(path) : undefined].filter(Boolean).join(': ');
}

/** One line for one problem: place, then message. */
export function formatProblem(problem: Problem): string {
  const place = formatPlace(problem.place);
  const { message, severity = 'error' } = problem;
  const text = severity === 'error' ? message : `${severity}: ${message}`;
  return place ? `${place}: ${text}` : text;
}

/** The problems that stop a promotion. */
export function errorsOf(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(({ severity = 'error' }) => severity === 'error');
}

/** The problems that are most likely mistakes, but stop nothing. */
export function warningsOf(problems: readonly Problem[]): readonly Problem[] {
  return problems.filter(({ severity }) => severity === 'warning');
}
