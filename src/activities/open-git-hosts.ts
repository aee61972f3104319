import type { GitHosts } from '../providers/git-hosts/git-host.ts';
import { createGitHosts, type GitHostsOptions } from '../providers/git-hosts/git-hosts.ts';
import { hostsOf } from '../providers/git-hosts/host-pattern.ts';
import { createHttp, type Http } from '../providers/http/http.ts';
import type { WorldParts } from './step-world.ts';

/** HTTP by the rules of the operator; `hosts` may be reached, too. */
export function openHttpFor(
  { httpPolicy, environment }: Pick<WorldParts, 'httpPolicy' | 'environment'>,
  signal: AbortSignal,
  hosts: readonly string[] = [],
): Http {
  return createHttp({ policy: { allow: [...(httpPolicy?.allow ?? []), ...hosts] }, environment, signal });
}

/** Git hosts by the settings of the operator, with the credentials of one project. */
export function openGitHosts(
  parts: WorldParts,
  { findCredentials, signal }: Pick<GitHostsOptions, 'findCredentials' | 'signal'>,
): GitHosts {
  const { gitHostPolicy: policy, hostMemory: memory, gitPolicy } = parts;
  return createGitHosts({
    http: openHttpFor(parts, signal, hostsOf(policy?.patterns ?? [])),
    findCredentials,
    ...(policy && { policy }),
    ...(memory && { memory }),
    ...(gitPolicy?.protocols && { protocols: gitPolicy.protocols }),
    signal,
  });
}
