import { DefaultFailureConverter } from '@temporalio/common';

/** Temporal's own converter, but messages and stacks become payloads, which are encrypted. The SDK loads it by its path. */
export const failureConverter = new DefaultFailureConverter({ encodeCommonAttributes: true });
