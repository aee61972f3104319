import { stat } from 'node:fs/promises';
import { pathToFileURL } from 'node:url';
import type { StepDefinition } from './activities/define-step.ts';
import { findFaults } from './activities/join-steps.ts';
import { steps as builtIn } from './activities/steps/index.ts';
import { InvalidInput } from './client/errors.ts';
import { messageOf } from './core/errors.ts';

/**
 * The steps that modules export, one by one or in lists, in the order of the modules; what else they export is left
 * alone. Runs the modules. InvalidInput names every module and every step that cannot be used, and says why.
 */
export async function loadOwnSteps(modules: readonly string[]): Promise<readonly StepDefinition[]> {
  const found = new Set<StepDefinition>();
  const taken = new Set(builtIn.map(({ kind }) => kind));
  const problems: string[] = [];
  for (const path of new Set(modules)) {
    const outcome = await findExported(path);
    const own = outcome.steps.filter((step) => !found.has(step));
    const faults = [...outcome.faults, ...own.flatMap((step) => findFaults(step, taken))];
    problems.push(...faults.map((fault) => `${path}: ${fault}`));
    for (const step of own) found.add(step);
  }
  if (problems.length > 0) throw new InvalidInput(['Own steps cannot be used:', ...problems].join('\n  '));
  return [...found];
}

interface Exported {
  readonly steps: readonly StepDefinition[];
  readonly faults: readonly string[];
}

async function findExported(path: string): Promise<Exported> {
  try {
    if (!(await stat(path)).isFile()) return refuse('this is no file: name the module itself');
    const module = (await import(pathToFileURL(path).href)) as object;
    const steps = [...new Set(Object.values(module).flat().filter(isStep))];
    return steps.length > 0 ? { steps, faults: [] } : refuse(nothing);
  } catch (error) {
    return refuse(explain(error));
  }
}

function refuse(fault: string): Exported {
  return { steps: [], faults: [fault] };
}

const nothing = 'it exports no step: export const writeFile = defineStep({ ... })';

/** Meant as one: whether it is a good one is another question. */
function isStep(value: unknown): value is StepDefinition {
  return (
    typeof value === 'object' && value !== null && 'kind' in value && ('run' in value || 'config' in value)
  );
}

function explain(error: unknown): string {
  const { code } = (error ?? {}) as NodeJS.ErrnoException;
  const message = messageOf(error).split('\n')[0]!;
  if (code === 'ENOENT') return 'there is no such file';
  if (code === 'ERR_UNKNOWN_FILE_EXTENSION') {
    return `Node ${process.versions.node} runs JavaScript only: compile it, or use Node 22.18 or newer`;
  }
  const isLost = code === 'ERR_MODULE_NOT_FOUND' && message.includes("package 'gantry'");
  const remedy = isLost ? '; install it beside the module: npm install gantry' : '';
  return `it cannot be loaded: ${message}${remedy}`;
}
