import type { JsonObject } from '../../src/core/json.ts';
import type { End } from './drive.ts';
import type { HostRequest } from './git-host.ts';

/** What must not be: requests that were opened twice, and merges that did not bring their promotion further. */
export interface RequestEvidence {
  readonly duplicateRequests: readonly string[];
  readonly lostMerges: readonly string[];
}

/** Compares what the host has with how the promotions that open a request ended, by the title each one gives its own. */
export function findRequestEvidence(
  requests: readonly HostRequest[],
  ends: readonly (End & { readonly title: string })[],
): RequestEvidence {
  const merged = requests.filter((request) => request.merged);
  const found = merged.flatMap((request) => {
    const end = ends.find(({ title }) => title === request.title);
    const why = end ? whyLost(request, end) : 'nobody asked for it';
    return why === undefined ? [] : [`#${request.number} "${request.title}": ${why}`];
  });
  const early = ends.filter(
    ({ phase, title }) => phase === 'Succeeded' && !merged.some((request) => request.title === title),
  );
  return {
    duplicateRequests: requests
      .filter(({ title }, index) => requests.findIndex((one) => one.title === title) < index)
      .map(({ number, title }) => `#${number} "${title}"`),
    lostMerges: [...found, ...early.map(({ title }) => `"${title}": it went on and nothing was merged`)],
  };
}

function whyLost({ number, merge_commit_sha }: HostRequest, { phase, outputs }: End): string | undefined {
  if (phase !== 'Succeeded') return `its promotion ended as ${phase}`;
  const { prNumber } = outputsOf(outputs, 'open');
  if (prNumber !== number) return `its promotion waited for #${JSON.stringify(prNumber)}`;
  const { commit } = outputsOf(outputs, 'wait');
  return commit === merge_commit_sha ? undefined : `its promotion was told of ${JSON.stringify(commit)}`;
}

function outputsOf(outputs: JsonObject | undefined, alias: string): JsonObject {
  return (outputs?.[alias] ?? {}) as JsonObject;
}
