import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Credentials } from '../credentials/credentials.ts';
import type { GitOptions } from './git.ts';
import type { RemoteURL } from './remote-url.ts';
import { writeScript } from './write-script.ts';

/** What one or more commands that talk to a remote are run with. */
export interface Access {
  readonly env: Readonly<Record<string, string>>;
  readonly config: readonly string[];
  readonly secrets: readonly string[];
  /** Whether credentials were found: decides which advice an error gives. */
  readonly found: boolean;
}

/**
 * Runs work with access to a remote. Passwords travel in the environment and are told to git by a script that answers
 * for the remote's own host only; a key lies in a file that is gone afterwards. Nothing secret is in an argument.
 */
export async function withAccess<T>(
  options: GitOptions,
  remote: RemoteURL,
  insecureSkipTLSVerify: boolean,
  work: (access: Access) => Promise<T>,
): Promise<T> {
  const { credentials, project, home } = options;
  const found = await credentials.find({ project, type: 'git', repoURL: remote.text });
  const keyFile = join(home, 'ssh-key');
  const env =
    remote.protocol === 'ssh' ? await openSsh(home, keyFile, found) : await openHttp(home, remote, found);
  try {
    return await work({
      env,
      config: [
        ...(insecureSkipTLSVerify ? ['http.sslVerify=false'] : []),
        // A repository of the network must not make us read the worker's own disk through its submodules.
        ...(remote.protocol === 'file' ? ['protocol.file.allow=always'] : []),
      ],
      secrets: found?.password ? [withoutLineEnd(found.password)] : [],
      found: found !== undefined,
    });
  } finally {
    await rm(keyFile, { force: true });
  }
}

async function openHttp(
  home: string,
  { protocol, host }: RemoteURL,
  found: Credentials | undefined,
): Promise<Record<string, string>> {
  if (!found?.password || protocol === 'file') return {};
  return {
    GIT_ASKPASS: await writeScript(home, 'askpass', askpass),
    GANTRY_GIT_SCHEME: protocol,
    GANTRY_GIT_HOST: host,
    // A token alone opens most hosts whatever the user is called; GitHub's apps insist on this name.
    GANTRY_GIT_USERNAME: found.username?.trim() || 'x-access-token',
    GANTRY_GIT_PASSWORD: withoutLineEnd(found.password),
  };
}

/** Files that Secrets are made from tend to end in one. */
function withoutLineEnd(text: string): string {
  return text.replace(/[\r\n]+$/, '');
}

async function openSsh(
  home: string,
  keyFile: string,
  found: Credentials | undefined,
): Promise<Record<string, string>> {
  const env = {
    GIT_SSH: await writeScript(home, 'ssh', sshScript),
    GIT_SSH_VARIANT: 'ssh',
    ...(found?.sshAgent && { SSH_AUTH_SOCK: found.sshAgent }),
  };
  if (!found?.sshPrivateKey) return env;
  await rm(keyFile, { force: true });
  await writeFile(keyFile, `${found.sshPrivateKey.replaceAll('\r', '').trim()}\n`, { mode: 0o600 });
  return { ...env, GANTRY_SSH_KEY: keyFile, GANTRY_SSH_KNOWN_HOSTS: join(home, 'known_hosts') };
}

const askpass = `#!/bin/sh
# Answers for one host only: submodules and redirects may lead elsewhere.
user="Username for '$GANTRY_GIT_SCHEME://"
password="Password for '$GANTRY_GIT_SCHEME://"
end="$GANTRY_GIT_HOST': "
case "$1" in
  "$user$end") printf '%s\\n' "$GANTRY_GIT_USERNAME" ;;
  "$password$end") printf '%s\\n' "$GANTRY_GIT_PASSWORD" ;;
  "$password"*"@$end")
    name=\${1#"$password"}
    case "\${name%"@$end"}" in
      *[/@\\']*) exit 1 ;;
      *) printf '%s\\n' "$GANTRY_GIT_PASSWORD" ;;
    esac ;;
  *) exit 1 ;;
esac
`;

/** Runs ssh with the key that GANTRY_SSH_KEY names, or as the machine would. */
export const sshScript = `#!/bin/sh
# With a key of its own nothing of the machine's ssh settings counts; without one they and the agent do.
if [ -n "$GANTRY_SSH_KEY" ]; then
  set -- -F /dev/null -i "$GANTRY_SSH_KEY" -o IdentitiesOnly=yes \\
    -o "UserKnownHostsFile=\\"$GANTRY_SSH_KNOWN_HOSTS\\" ~/.ssh/known_hosts" "$@"
fi
exec ssh -o BatchMode=yes -o StrictHostKeyChecking=accept-new -o ConnectTimeout=30 "$@"
`;
