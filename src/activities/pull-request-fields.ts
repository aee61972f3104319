import { boolean, oneOf, optional, string } from '../core/schema/describe.ts';
import { countOrNone } from '../core/schema/nullable.ts';
import { webHosts } from '../providers/git/commit-url.ts';

/** Fields of a config that name a repository at a Git host. */
export const hostFields = {
  provider: optional(
    oneOf('Kind of the Git host, where neither the URL nor a setting of the worker tells.', webHosts),
  ),
  insecureSkipTLSVerify: optional(
    boolean('Trusts any TLS certificate of the host. Not for production.', { default: false }),
  ),
};

/** Fields of a config that name a pull request which is there already. */
export const requestFields = {
  repoURL: optional(
    string('Repository of the pull request; default that of the only `git-open-pr` before this step.', {
      minLength: 1,
    }),
  ),
  prNumber: optional(
    countOrNone(
      'Number of the pull request. The number of a `git-open-pr` that was Skipped is null: then this step is Skipped, too.',
      'must be the number of a pull request',
    ),
  ),
  prNumberFromStep: optional(
    string('Step whose output prNumber is the number.', {
      minLength: 1,
      deprecated: true,
      'x-instead': '"prNumber" with an expression such as ${{ outputs[\'open-pr\'].prNumber }}',
    }),
  ),
  ...hostFields,
};

/** Taken from the only step of this kind before, where they are not written. */
export const inherits = {
  kind: 'git-open-pr',
  fields: ['repoURL', 'provider', 'insecureSkipTLSVerify'],
  required: 'repoURL',
} as const;
