import { parseRemoteURL, type RemoteURL } from '../git/remote-url.ts';
import type { RunProgram } from '../programs/program.ts';
import { createToolRunner } from '../run-tool.ts';
import type { Credentials, CredentialSource } from './credentials.ts';

export interface GitCredentialOptions {
  /** Absolute path of the git binary. */
  readonly binary: string;
  /** Environment of the user whose helpers and agent are asked: HOME, PATH, SSH_AUTH_SOCK. */
  readonly environment: Readonly<Record<string, string>>;
  /** Milliseconds a helper has to answer; default 10 000. */
  readonly timeout?: number;
  /** Starts git; default from this process. */
  readonly runProgram?: RunProgram | undefined;
}

/**
 * Credentials of the worker's own user: git's credential helpers, and the ssh agent. Git reads that user's settings
 * for this one question only; whoever may start promotions on this worker may use what it answers.
 */
export function createGitCredentials(options: GitCredentialOptions): CredentialSource {
  return {
    async find({ type, repoURL, needs }) {
      if (type !== 'git') return undefined;
      const remote = parseRemoteURL(repoURL);
      if (remote.protocol === 'ssh') return needs ? undefined : findAgent(options.environment);
      return remote.protocol === 'file' ? undefined : askHelpers(options, remote);
    },
  };
}

function findAgent({ SSH_AUTH_SOCK: sshAgent }: Readonly<Record<string, string>>): Credentials | undefined {
  return sshAgent ? { sshAgent } : undefined;
}

async function askHelpers(
  { binary, environment, timeout = 10_000, runProgram }: GitCredentialOptions,
  { protocol, host, path, text }: RemoteURL,
): Promise<Credentials | undefined> {
  const user = /^\w+:\/\/([^/@:]+)@/.exec(text)?.[1];
  const question = [
    `protocol=${protocol}`,
    `host=${host}`,
    `path=${path.slice(1)}`,
    ...(user ? [`username=${user}`] : []),
  ];
  const env = { ...environment, ...asksNobody };
  const runner = createToolRunner(async () => ({ path: binary }), env, { runProgram });
  const input = `${question.join('\n')}\n\n`;
  const options = { cwd: '/', input, signal: AbortSignal.timeout(timeout) };
  // Without a helper that knows the host git would have to ask a person, and gives up.
  const stdout = await runner.run('git', ['credential', 'fill'], options).catch(() => '');
  const answer = Object.fromEntries(stdout.split('\n').map(splitLine));
  return answer['password']
    ? { username: answer['username'] ?? '', password: answer['password'] }
    : undefined;
}

const asksNobody = {
  LC_ALL: 'C',
  GIT_TERMINAL_PROMPT: '0',
  GIT_ASKPASS: '',
  SSH_ASKPASS: '',
  GCM_INTERACTIVE: 'never',
};

function splitLine(line: string): readonly [string, string] {
  const at = line.indexOf('=');
  return [line.slice(0, at), line.slice(at + 1)];
}
