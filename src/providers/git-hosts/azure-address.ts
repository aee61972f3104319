import { TerminalError } from '../../core/errors.ts';
import type { HostPlace } from './host-place.ts';

/** Where a repository of Azure DevOps is, or of its Server. */
export interface AzureAddress {
  /** Of the organisation or collection, without a slash at its end: the API stands below it. */
  readonly apiURL: string;
  /** The repository's own web page. */
  readonly webURL: string;
  /** Base of the API that knows the people. */
  readonly identitiesURL: string;
  readonly project: string;
  readonly repository: string;
  /** `dev.azure.com/<organisation>/<project>/<repository>`, or with the Server's own host and collection; lower case. */
  readonly name: string;
}

/** Reads every spelling of the address. Throws TerminalError when a repository cannot be made of it. */
export function readAzureAddress(place: HostPlace): AzureAddress {
  const parts = place.path.map(decode);
  const organisation = readOrganisation(place.host.replace(/:\d+$/, ''), parts);
  const address = organisation ? describeService(place, organisation) : describeServer(place, parts);
  if (address) return address;
  throw new TerminalError(
    `${place.repoURL} names no repository of Azure DevOps: write https://dev.azure.com/ORGANISATION/PROJECT/_git/REPOSITORY`,
  );
}

interface Organisation {
  readonly name: string;
  readonly rest: readonly string[];
}

/** `ssh.dev.azure.com:v3/org/...`, `dev.azure.com/org/...`, `org.visualstudio.com/[DefaultCollection/]...` */
function readOrganisation(host: string, parts: readonly string[]): Organisation | undefined {
  if (/^((ssh\.)?dev\.azure\.com|vs-ssh\.visualstudio\.com)$/.test(host)) {
    const [name = '', ...rest] = parts[0] === 'v3' ? parts.slice(1) : parts;
    return { name, rest };
  }
  const [, name] = /^([\w-]+)\.visualstudio\.com$/.exec(host) ?? [];
  if (name === undefined) return undefined;
  return { name, rest: parts[0]?.toLowerCase() === 'defaultcollection' ? parts.slice(1) : parts };
}

function describeService({ apiURL }: HostPlace, { name, rest }: Organisation): AzureAddress | undefined {
  const found = readRepository(rest);
  if (!found || name === '') return undefined;
  const organisation = encodeURIComponent(name);
  return {
    ...found,
    apiURL: `${apiURL ?? 'https://dev.azure.com'}/${organisation}`,
    webURL: webURL(`https://dev.azure.com/${organisation}`, found),
    identitiesURL: `${apiURL ?? 'https://vssps.dev.azure.com'}/${organisation}`,
    name: nameOf('dev.azure.com', [name], found),
  };
}

/** `host[/tfs]/collection/project/_git/repository`: the project is never left out here, it could be a collection. */
function describeServer(
  { host, origin, apiURL = origin }: HostPlace,
  parts: readonly string[],
): AzureAddress | undefined {
  const at = parts.indexOf('_git');
  const collection = parts.slice(0, Math.max(at - 1, 0));
  const found = readRepository(parts.slice(at - 1));
  if (at < 2 || !found) return undefined;
  const path = collection.map(encodeURIComponent).join('/');
  return {
    ...found,
    apiURL: `${apiURL}/${path}`,
    webURL: webURL(`${origin}/${path}`, found),
    identitiesURL: `${apiURL}/${path}`,
    name: nameOf(host, collection, found),
  };
}

type Found = Pick<AzureAddress, 'project' | 'repository'>;

/** `project/_git/repository`, `_git/repository` (both of one name), `project/repository` of SSH. */
function readRepository(parts: readonly string[]): Found | undefined {
  const at = parts.indexOf('_git');
  const rest =
    at < 0 ? parts.slice(1) : parts.slice(at + 1).filter((part) => !/^_(full|optimized)$/.test(part));
  const [repository] = rest;
  const project = at === 0 ? repository : parts[0];
  return repository && project ? { project, repository } : undefined;
}

function webURL(base: string, { project, repository }: Found): string {
  return `${base}/${encodeURIComponent(project)}/_git/${encodeURIComponent(repository)}`;
}

function nameOf(host: string, above: readonly string[], { project, repository }: Found): string {
  return [host, ...above, project, repository].join('/').toLowerCase();
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}
