import { bundleWorkflowCode, type WorkflowBundle } from '@temporalio/worker';
import { extname } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The code of all workflows in one piece, made once per process. */
export function bundleWorkflows(): Promise<WorkflowBundle> {
  bundle ??= bundleWorkflowCode({
    workflowsPath: pathOf('../workflows/index'),
    payloadConverterPath: pathOf('../workflows/payload-converter'),
    logger: silent,
  });
  return bundle;
}

let bundle: Promise<WorkflowBundle> | undefined;

/** Beside us, compiled or not. */
function pathOf(module: string): string {
  const self = fileURLToPath(import.meta.url);
  return fileURLToPath(new URL(`${module}${extname(self)}`, import.meta.url));
}

// Its statistics are for developers of bundlers; what goes wrong, it throws.
const quiet = () => {};
const silent = { log: quiet, trace: quiet, debug: quiet, info: quiet, warn: quiet, error: quiet };
