import { runSteps } from './run-steps.ts';

/** Every version of the interpreter that an open promotion may have begun with. */
const interpreters = { 1: runSteps } as const;

/**
 * The interpreter of this run, picked once, first thing: a promotion that waits for weeks ends with the version it began
 * with. A change of what `runSteps` schedules becomes version 2 beside it, picked by
 * `patched('interpreter-2') ? 2 : 1`; version 1 goes when no open run is left without that mark.
 */
export function pickInterpreter(): typeof runSteps {
  return interpreters[1];
}
