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
  /** Milliseconds an answer holds: the steps of one promotion ask the same within seconds; default 5000. */
  readonly keepFor?: number;
  /** Starts git; default from this process. */
  readonly runProgram?: RunProgram | undefined;
}

/**
 * Credentials of the worker's own user: git's credential helpers, and the ssh agent. Git reads that user's settings
 * for this one question only; whoever may start promotions on this worker may use what it answers.
 */
export function createGitCredentials(options: GitCredentialOptions): CredentialSource {
  const ask = rememberFor(options.keepFor ?? 5000, (question: string) => askHelpers(options, question));
  return {
    async find({ type, repoURL, needs }) {
      if (type !== 'git') return undefined;
      const remote = parseRemoteURL(repoURL);
      if (remote.protocol === 'ssh') return needs ? undefined : findAgent(options.environment);
      return remote.protocol === 'file' ? undefined : ask(questionOf(remote));
    },
  };
}

function findAgent({ SSH_AUTH_SOCK: sshAgent }: Readonly<Record<string, string>>): Credentials | undefined {
  return sshAgent ? { sshAgent } : undefined;
}

function questionOf({ protocol, host, path, text }: RemoteURL): string {
  const user = /^\w+:\/\/([^/@:]+)@/.exec(text)?.[1];
  const lines = [`protocol=${protocol}`, `host=${host}`, `path=${path.slice(1)}`];
  return [...lines, ...(user ? [`username=${user}`] : [])].join('\n');
}

/** The same function, which is not called again for what it was asked less than this many milliseconds ago. */
function rememberFor<T>(
  time: number,
  ask: (question: string) => Promise<T>,
): (question: string) => Promise<T> {
  const answers = new Map<string, Promise<T>>();
  return (question) => {
    const known = answers.get(question);
    if (known) return known;
    const answer = ask(question);
    answers.set(question, answer);
    setTimeout(() => answers.delete(question), time).unref();
    return answer;
  };
}

async function askHelpers(
  { binary, environment, timeout = 10_000, runProgram }: GitCredentialOptions,
  question: string,
): Promise<Credentials | undefined> {
  const env = { ...environment, ...asksNobody };
  const runner = createToolRunner(async () => ({ path: binary }), env, { runProgram });
  const input = `${question}\n\n`;
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
