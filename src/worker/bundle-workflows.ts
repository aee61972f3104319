import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';
import { extname } from 'node:path';
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

/** A new bundle of the code that is here; takes seconds. */
export async function makeBundle(): Promise<string> {
  const { code } = await bundleWorkflowCode({
    workflowsPath: pathOf('../workflows/index'),
    payloadConverterPath: pathOf('../workflows/payload-converter'),
    preloadModules: shared.map(pathOf),
    webpackConfigHook: shrinkBundle,
    logger: silent,
  });
  return code;
}

/**
 * What all workflows share, with everything it imports: a cached workflow then holds 30 KB instead of 270. Our core may be
 * shared, since what it keeps (parsed expressions, compiled patterns) is the same for everybody.
 */
const shared = ['check-control', 'condition', 'parse-request', 'scope'].map(
  (module) => `../core/promotion/${module}`,
);

/** Beside us, compiled or not. */
function pathOf(module: string): string {
  const self = fileURLToPath(import.meta.url);
  return fileURLToPath(new URL(`${module}${extname(self)}`, import.meta.url));
}

// Its statistics are for developers of bundlers; what goes wrong, it throws.
const quiet = () => {};
const silent = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
