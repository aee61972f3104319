import type { StepDefinition } from '../activities/define-step.ts';
import { messageOf } from '../core/errors.ts';
import type { Log } from '../log.ts';
import type { Tool } from '../tools/tools.ts';

/** Finds, or makes, a binary by name. */
export type ResolveTool = (name: string) => Promise<Tool>;

/** The binaries of a worker. */
export interface WorkerTools {
  /** Absolute path of git: without it there is no worker. */
  readonly git: string;
  /** Versions by name, of those that are there. */
  readonly versions: Readonly<Record<string, string>>;
}

/** Looks for everything the steps may need, so that a missing binary is known before a promotion starts. */
export async function findTools(
  resolve: ResolveTool,
  steps: readonly StepDefinition[],
  log: Log,
): Promise<WorkerTools> {
  const git = await resolve('git');
  const names = new Set(steps.flatMap(({ tools = [] }) => tools).filter((name) => name !== 'git'));
  const found = [git];
  for (const name of names) {
    try {
      found.push(await resolve(name));
    } catch (error) {
      const kinds = steps.filter(({ tools }) => tools?.includes(name)).map(({ kind }) => kind);
      log.warn('A tool is missing: promotions that need it are refused', {
        tool: name,
        steps: kinds,
        reason: messageOf(error),
      });
    }
  }
  return { git: git.path, versions: Object.fromEntries(found.map(({ name, version }) => [name, version])) };
}
