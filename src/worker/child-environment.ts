/** Variables of ours that git and tools may see: where programs are, how to get out, whom to trust. Everything else stays here. */
export function childEnvironment(env: NodeJS.ProcessEnv): Readonly<Record<string, string>> {
  const entries = Object.entries(env).filter(
    (entry): entry is [string, string] => entry[1] !== undefined && allowed.has(entry[0].toUpperCase()),
  );
  return Object.fromEntries(entries);
}

const allowed: ReadonlySet<string> = new Set([
  'PATH',
  'TMPDIR',
  'HTTP_PROXY',
  'HTTPS_PROXY',
  'ALL_PROXY',
  'NO_PROXY',
  'SSL_CERT_FILE',
  'SSL_CERT_DIR',
]);
