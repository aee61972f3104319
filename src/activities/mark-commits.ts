import type { MarkCall } from '../core/promotion/calls.ts';
import { messageOf } from '../core/errors.ts';
import type { MarkedCommit } from '../core/promotion/step-run.ts';
import { stageLink } from '../core/pull-request-text.ts';
import { webHosts } from '../providers/git/commit-url.ts';
import type { CommitStatus, GitHosts } from '../providers/git-hosts/git-host.ts';
import { currentAttempt, type Attempt, underHeartbeat } from './heartbeat.ts';
import { openGitHosts } from './open-git-hosts.ts';
import type { Surroundings } from './run-step.ts';
import { createScrubber } from './scrub.ts';
import { tellCredentials } from './tell-secrets.ts';

/**
 * The activity that says at the hosts of commits how a promotion goes. What cannot be said is a warning in the log: it
 * changes nothing about the promotion.
 */
export function createMarkCommits(
  around: Surroundings,
  attempt: () => Attempt = currentAttempt,
): (call: MarkCall) => Promise<void> {
  return async function markCommits(call) {
    const { project, stage, name: promotion } = call.identity;
    const scrubber = createScrubber(around.scrubber);
    const credentials = tellCredentials(around.credentials, scrubber);
    const now = attempt();
    const hosts = openGitHosts(around, {
      findCredentials: (query) => credentials.find({ ...query, project }),
      signal: AbortSignal.any([now.signal, around.closing]),
    });
    const log = around.logFor({ promotion, project, stage });
    await underHeartbeat(
      now,
      () => undefined,
      async () => {
        for (const commit of call.commits) {
          await mark(hosts, commit, statusOf(call, commit)).catch((error: unknown) => {
            const reason = scrubber.text(messageOf(error));
            log.warn('A commit status cannot be written', { commit: commit.sha, reason });
          });
        }
      },
    );
  };
}

async function mark(hosts: GitHosts, commit: MarkedCommit, status: CommitStatus): Promise<void> {
  const { repoURL, skipVerify = false } = commit;
  const provider = webHosts.find((known) => known === commit.provider);
  const repository = await hosts.open(repoURL, { ...(provider && { provider }), skipVerify });
  await repository.writeCommitStatus(status);
}

function statusOf({ identity, state, description }: MarkCall, { sha }: MarkedCommit): CommitStatus {
  const { project, stage, uiBaseUrl } = identity;
  return {
    commit: sha,
    context: `gantry/${project}/${stage}`,
    state,
    // Hosts refuse longer ones.
    description: description.slice(0, 140),
    ...(uiBaseUrl && { url: stageLink(uiBaseUrl, project, stage) }),
  };
}
