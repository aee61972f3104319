import { createSecretFolder } from './providers/credentials/secret-folder.ts';
import { createGitHosts } from './providers/git-hosts/git-hosts.ts';
import type { HostedRepository } from './providers/git-hosts/git-host.ts';
import { withAppTokens } from './providers/git-hosts/github-app.ts';
import { hostsOf, type HostPattern } from './providers/git-hosts/host-pattern.ts';
import { createHttp } from './providers/http/http.ts';
import type { ResourceFolder } from './providers/resources/resource-folder.ts';
import { credentialLabel, type Resource } from './providers/resources/resource.ts';

/** A repository as one project writes it. */
export interface ProjectRepository {
  readonly project: string;
  readonly repoURL: string;
}

/** Repositories at Git hosts as steps reach them, without a promotion: with the credentials of the folder of Secrets. */
export interface ProjectRepositories {
  /** Those that Secrets for Git name, each once a project; a regular expression names none. */
  list(): Promise<readonly ProjectRepository[]>;
  /** As `GitHosts.open`, with the credentials of the project, or with shared ones. */
  open(repository: ProjectRepository): Promise<HostedRepository>;
}

export interface ProjectRepositoriesOptions {
  readonly folder: Pick<ResourceFolder, 'read'>;
  readonly patterns: readonly HostPattern[];
  /** What may be reached beside public addresses and the hosts of the patterns. */
  readonly allow: readonly string[];
  /** Says how to get out, and whom to trust. */
  readonly env: NodeJS.ProcessEnv;
  readonly signal: AbortSignal;
}

export function openProjectRepositories(options: ProjectRepositoriesOptions): ProjectRepositories {
  const { folder, patterns, signal } = options;
  const policy = { allow: [...options.allow, ...hostsOf(patterns)] };
  const http = createHttp({ policy, environment: readEnvironment(options.env), signal });
  const credentials = withAppTokens(createSecretFolder(folder), { http, patterns, signal });
  return {
    async list() {
      const named = (await folder.read()).flatMap(readRepository);
      const keyed = named.map((one) => [JSON.stringify([one.project, one.repoURL]), one] as const);
      return [...new Map(keyed).values()];
    },
    open({ project, repoURL }) {
      const findCredentials = (query: Omit<Parameters<typeof credentials.find>[0], 'project'>) =>
        credentials.find({ ...query, project });
      const hosts = createGitHosts({ http, findCredentials, policy: { patterns }, signal });
      return hosts.open(repoURL, { needsToken: true });
    },
  };
}

function readRepository({ kind, labels, namespace, texts }: Resource): readonly ProjectRepository[] {
  const url = texts['repoURL']?.trim();
  if (kind !== 'Secret' || labels[credentialLabel] !== 'git' || !url) return [];
  if (texts['repoURLIsRegex']?.trim() === 'true') return [];
  // Kargo takes one without a scheme for HTTPS and SSH alike.
  const repoURL = /^[^/]*:/.test(url) ? url : `https://${url}`;
  return [{ project: namespace, repoURL }];
}

function readEnvironment(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const set = Object.entries(env).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
  return Object.fromEntries(set) as Readonly<Record<string, string>>;
}
