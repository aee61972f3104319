import type { WebHost } from '../git/commit-url.ts';
import { mergeMethods, type MergeEnd } from './git-host.ts';

/** The refusal of a method that a host does not have; undefined when it has it, or none is named. */
export function refuseMethod(kind: WebHost, method: string | undefined): MergeEnd | undefined {
  const known = mergeMethods[kind];
  if (method === undefined || known.includes(method)) return undefined;
  return { kind: 'refused', reason: `mergeMethod ${JSON.stringify(method)} is none of ${known.join(', ')}` };
}
