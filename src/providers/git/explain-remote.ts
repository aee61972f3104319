import { displayURL, type RemoteURL } from './remote-url.ts';
import { GitError } from './run-git.ts';

/** Turns git's words about a remote into what the user can do. Errors that are not git's stay as they are. */
export function explainRemoteError(
  error: unknown,
  remote: RemoteURL,
  found: boolean,
  project: string,
): unknown {
  if (!(error instanceof GitError)) return error;
  const remedy = remedies.find(({ pattern }) => pattern.test(error.message));
  if (!remedy) return new Error(`${displayURL(remote.text)}: ${error.message}`, { cause: error });
  const advice = remedy.advice(found, project);
  return new Error(`${displayURL(remote.text)}: ${advice}\n${error.message}`, { cause: error });
}

interface Remedy {
  readonly pattern: RegExp;
  readonly advice: (found: boolean, project: string) => string;
}

const remedies: readonly Remedy[] = [
  {
    pattern: /Could not resolve host|Name or service not known|Temporary failure in name/i,
    advice: () => 'the host is not known; check repoURL, and the DNS of the worker',
  },
  {
    pattern: /Failed to connect|Connection refused|timed out|No route to host|unreachable|Couldn't connect/i,
    advice: () => 'the host cannot be reached; check repoURL, and the network and proxy of the worker',
  },
  {
    pattern: /certificate|SSL|TLS/,
    advice: () =>
      'its TLS certificate is not trusted; give the worker the certificate authority, or set insecureSkipTLSVerify: true',
  },
  {
    pattern: /Host key verification failed|REMOTE HOST IDENTIFICATION HAS CHANGED/,
    advice: () => 'the SSH key of the host is not the known one; check known_hosts of the worker',
  },
  {
    pattern:
      /Authentication failed|could not read (Username|Password)|Permission denied|error: 40[13]|Access denied/i,
    advice: (found, project) =>
      found
        ? `access is refused; check what the credentials of project ${project} for this repository allow`
        : `access is refused and project ${project} has no credentials for it; add a Secret labelled kargo.akuity.io/cred-type: git with this repoURL`,
  },
  {
    pattern: /not found|does not appear to be a git repository|does not exist|not a git repository/i,
    advice: (found) =>
      `the repository does not exist${found ? ', or its credentials may not see it' : ', or is private and needs credentials'}; check repoURL`,
  },
];
