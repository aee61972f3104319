/** Metadata of payloads that workflows are given where failures are to be encrypted, messages included. Never stored. */
export const failureMark = 'gantry-encodes-failures';
