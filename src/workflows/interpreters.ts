import { runSteps } from './run-steps.ts';

/** Every version of the interpreter that an open promotion may have begun with. */
const interpreters: Readonly<Record<number, typeof runSteps>> = { 1: runSteps };

/**
 * The interpreter of this run, picked once, first thing: a promotion that waits for weeks ends with the version it began
 * with. A change of what `runSteps` schedules becomes version 2 beside it; new runs take the newest and are marked with
 * it. Version 1 goes when no open run is left without the mark of a later one. `isMarked` is `patched` of the SDK.
 */
export function pickInterpreter(isMarked: (mark: string) => boolean): typeof runSteps {
  const versions = Object.keys(interpreters).map(Number).toReversed();
  const marked = versions.find((version) => version > 1 && isMarked(`interpreter-${version}`));
  return interpreters[marked ?? 1]!;
}
