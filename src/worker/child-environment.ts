/** Variables of ours that git and tools may see: where programs are, how to get out, whom to trust. Everything else stays here. */
export function childEnvironment(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return pick(env, ['PATH', 'TMPDIR', ...network]);
}

/** What git's own helpers and the ssh agent need to answer for the user the worker runs as. */
export function userEnvironment(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  return pick(env, [
    'PATH',
    'TMPDIR',
    'HOME',
    'USER',
    'XDG_CONFIG_HOME',
    'XDG_RUNTIME_DIR',
    'SSH_AUTH_SOCK',
    ...network,
  ]);
}

function pick(env: NodeJS.ProcessEnv, names: readonly string[]): Readonly<Record<string, string>> {
  const entries = names.flatMap((name) => (env[name] === undefined ? [] : [[name, env[name]] as const]));
  return Object.fromEntries(entries);
}

const proxies = ['http_proxy', 'https_proxy', 'all_proxy', 'no_proxy'];
const network = [...proxies, ...proxies.map((name) => name.toUpperCase()), 'SSL_CERT_FILE', 'SSL_CERT_DIR'];
