import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';
import { readdir, readFile } from 'node:fs/promises';
import { dirname, extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findOrMakeBundle } from './bundle-cache.ts';
import { findPrebuilt } from './prebuilt-bundle.ts';
import { shrinkBundle } from './shrink-bundle.ts';

/**
 * The code of all workflows in one piece: the one that came with the package, else made once per process and kept for
 * the next one as long as no source changes.
 */
export function bundleWorkflows(): Promise<WorkflowBundle> {
  bundle ??= findBundle();
  return bundle;
}

let bundle: Promise<WorkflowBundle> | undefined;

async function findBundle(): Promise<WorkflowBundle> {
  return (await findPrebuilt()) ?? findOrMakeBundle(process.env, makeBundle);
}

/** A new bundle of the code that is here, or of other workflows made in the same way; takes seconds. */
export async function makeBundle(workflowsPath = workflowsFile): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath,
    payloadConverterPath: pathOf('../workflows/payload-converter'),
    failureConverterPath: pathOf('../workflows/failure-converter'),
    preloadModules: [...(await findShared())],
    webpackConfigHook: shrinkBundle,
    logger: silent,
  });
  return code;
}

/**
 * What all workflows share, with everything it imports: a cached promotion then adds 25 KB to what the SDK holds, none of it
 * for the language of expressions. Our core may be shared, since what it keeps (parsed expressions, compiled patterns) is
 * the same for everybody; so may the interpreter, which keeps nothing. Nothing of the SDK may: it keeps the state of a
 * workflow.
 */
async function findShared(): Promise<readonly string[]> {
  const files = (await readdir(workflows)).filter((file) => extname(file) === extname(workflowsFile));
  const sources = await Promise.all(files.map((file) => readFile(join(workflows, file), 'utf8')));
  const core = sources.flatMap((source) => [...source.matchAll(imported)].map(([, path]) => path!));
  const own = ['activity-options', 'interpreters', 'promise-stacks'].map((module) =>
    pathOf(`../workflows/${module}`),
  );
  return [...new Set(core)]
    .sort()
    .map((path) => join(workflows, path))
    .concat(own);
}

/** Modules of the core that are more than types. */
const imported = /^import (?!type )[^;]*? from ['"](\.\.\/core\/[^'"]+)['"]/gm;

/** Beside us, compiled or not. */
function pathOf(module: string): string {
  const self = fileURLToPath(import.meta.url);
  return fileURLToPath(new URL(`${module}${extname(self)}`, import.meta.url));
}

// Its statistics are for developers of bundlers; what goes wrong, it throws.
const quiet = () => {};
const silent = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };

const workflowsFile = pathOf('../workflows/index');
const workflows = dirname(workflowsFile);
