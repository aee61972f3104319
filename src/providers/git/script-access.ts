import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Credentials } from '../credentials/credentials.ts';
import { sshScript } from './access.ts';
import type { GitOptions } from './git.ts';
import { openRepository } from './repository.ts';
import type { RemoteURL } from './remote-url.ts';
import { writeScript } from './write-script.ts';
import { quoteSetting, scriptSettings } from './script-settings.ts';

/**
 * Lets plain git in a person's own script act as the promotion towards the repositories it has cloned: writes settings
 * into `home`, and what opens the remotes into the private folder `folder`. Returns variables for the script, none of
 * them secret; both folders are to be removed afterwards.
 */
export async function openScriptAccess(
  options: GitOptions,
  home: string,
  folder: string,
): Promise<Readonly<Record<string, string>>> {
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const remotes = await findRemotes(options);
  const helper = await writeHelper(folder, remotes);
  await writeFile(join(home, '.gitconfig'), settings(options, helper), { mode: 0o600 });
  const agent = remotes.find(({ credentials }) => credentials.sshAgent)?.credentials.sshAgent;
  return {
    GIT_CONFIG_NOSYSTEM: '1',
    GIT_ATTR_NOSYSTEM: '1',
    GIT_TEMPLATE_DIR: '',
    GIT_TERMINAL_PROMPT: '0',
    GIT_SSH: await writeSsh(options, folder, remotes),
    GIT_SSH_VARIANT: 'ssh',
    ...(agent !== undefined && { SSH_AUTH_SOCK: agent }),
  };
}

interface OpenedRemote {
  readonly remote: RemoteURL;
  readonly credentials: Credentials;
}

/** The remotes of all clones that need something to be opened. */
async function findRemotes(options: GitOptions): Promise<readonly OpenedRemote[]> {
  const { home, credentials, project } = options;
  const repositories = join(home, 'repositories');
  const found: OpenedRemote[] = [];
  const clones: string[] = await readdir(repositories).catch(() => []);
  for (const clone of clones.sort()) {
    const repository = await openRepository(options, join(repositories, clone)).catch(() => undefined);
    if (!repository || repository.remote.protocol === 'file') continue;
    const { remote } = repository;
    const own = await credentials.find({ project, type: 'git', repoURL: remote.text });
    if (own) found.push({ remote, credentials: own });
  }
  return found;
}

/** A clone has its own name and address: they win over these. */
function settings({ identity }: GitOptions, helper: string): string {
  return [
    ...scriptSettings(identity),
    '[init]',
    '\tdefaultBranch = main',
    '[advice]',
    '\tdetachedHead = false',
    // Work in the background would outlive the script.
    '[gc]',
    '\tauto = 0',
    '[maintenance]',
    '\tauto = false',
    '[credential]',
    '\thelper =',
    `\thelper = ${quoteSetting(`!${quoteForShell(helper)}`)}`,
    '\tuseHttpPath = true',
    '',
  ].join('\n');
}

/** A credential helper that knows the clones: by their address, else, for submodules, by their host. */
async function writeHelper(folder: string, remotes: readonly OpenedRemote[]): Promise<string> {
  const byAddress: string[] = [];
  const byHost: string[] = [];
  for (const [index, { remote, credentials }] of remotes.entries()) {
    const { protocol, host, path } = remote;
    if (protocol === 'ssh' || !credentials.password) continue;
    const file = join(folder, `answer-${index}`);
    const username = credentials.username?.trim() || 'x-access-token';
    const password = credentials.password.replace(/[\r\n]+$/, '');
    await writeFile(file, `username=${username}\npassword=${password}\n`, { mode: 0o600 });
    const place = `${protocol}://${host}`;
    const bare = `${place}${path.replace(/\/$/, '').replace(/\.git$/, '')}`;
    const names = [bare, `${bare}.git`, `${bare}/`].map(quoteForShell).join(' | ');
    byAddress.push(`  ${names}) cat ${quoteForShell(file)} ;;`);
    byHost.push(`  ${quoteForShell(`${place}/`)}*) cat ${quoteForShell(file)} ;;`);
  }
  return writeScript(folder, 'credentials', helperScript([...byAddress, ...byHost]));
}

function helperScript(cases: readonly string[]): string {
  return [
    '#!/bin/sh',
    '[ "$1" = get ] || exit 0',
    "while IFS='=' read -r key value; do",
    '  case $key in protocol) protocol=$value ;; host) host=$value ;; path) path=$value ;; esac',
    'done',
    'case "$protocol://$host/$path" in',
    ...cases,
    '  *) ;;',
    'esac',
    '',
  ].join('\n');
}

/** An ssh that takes the key of the repository it is asked for. */
async function writeSsh(
  { home }: GitOptions,
  folder: string,
  remotes: readonly OpenedRemote[],
): Promise<string> {
  const cases: string[] = [];
  for (const [index, { remote, credentials }] of remotes.entries()) {
    if (remote.protocol !== 'ssh' || !credentials.sshPrivateKey) continue;
    const file = join(folder, `key-${index}`);
    await writeFile(file, `${credentials.sshPrivateKey.replaceAll('\r', '').trim()}\n`, { mode: 0o600 });
    const host = remote.host.replace(/:\d+$/, '');
    const end = `${remote.path.replace(/^\//, '')}'`;
    cases.push(`  *${quoteForShell(host)}*${quoteForShell(end)}) GANTRY_SSH_KEY=${quoteForShell(file)} ;;`);
  }
  const ssh = await writeScript(folder, 'plain-ssh', sshScript);
  const lines = [
    '#!/bin/sh',
    'case "$*" in',
    ...cases,
    "  *) GANTRY_SSH_KEY='' ;;",
    'esac',
    `GANTRY_SSH_KNOWN_HOSTS=${quoteForShell(join(home, 'known_hosts'))}`,
    'export GANTRY_SSH_KEY GANTRY_SSH_KNOWN_HOSTS',
    `exec ${quoteForShell(ssh)} "$@"`,
    '',
  ];
  return writeScript(folder, 'ssh', lines.join('\n'));
}

function quoteForShell(text: string): string {
  return `'${text.replaceAll("'", `'\\''`)}'`;
}
