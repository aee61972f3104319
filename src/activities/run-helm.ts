import { messageOf } from '../core/errors.ts';
import type { StepWorld } from './define-step.ts';

/**
 * Standard output of one run of helm, which finds nothing of the worker's own home and keeps what it needs in `scratch`.
 * Rejects with an Error in the user's words: paths as in the workspace, private files by the names given.
 */
export async function runHelm(
  args: readonly string[],
  { tools, workspace, signal }: Pick<StepWorld, 'tools' | 'workspace' | 'signal'>,
  scratch: string,
  names: ReadonlyMap<string, string>,
): Promise<string> {
  try {
    return await tools.run('helm', args, { cwd: workspace.root, signal, env: privateEnv(scratch) });
  } catch (error) {
    if (signal.aborted) throw error;
    const named = [...names].reduce((text, [file, name]) => text.replaceAll(file, name), messageOf(error));
    const words = named.replaceAll(`${workspace.root}/`, '').replaceAll(`${scratch}/`, '');
    throw new Error(words + (hints.find(([pattern]) => pattern.test(words))?.[1] ?? ''), { cause: error });
  }
}

const hints: readonly (readonly [RegExp, string])[] = [
  [/missing in charts\/ directory/, ' (or set buildDependencies: true)'],
  [
    /no cached repository for/,
    ': its index could not be fetched: look at the address, and at the Secret of the project (cred-type helm)',
  ],
];

/** No repositories, no credentials, no plugins, no cluster. */
function privateEnv(home: string): Readonly<Record<string, string>> {
  return {
    HOME: home,
    XDG_CONFIG_HOME: `${home}/config`,
    XDG_CACHE_HOME: `${home}/cache`,
    XDG_DATA_HOME: `${home}/data`,
    TMPDIR: home,
  };
}
