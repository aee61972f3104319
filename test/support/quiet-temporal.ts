import { createLog } from '../../src/log.ts';
import { installRuntime } from '../../src/worker/runtime.ts';

/** Temporal's own lines stay out of the report of the tests, but for errors. Call it before anything connects. */
export function quietTemporal(): void {
  installRuntime(createLog({ level: 'error', format: 'text' }));
}
