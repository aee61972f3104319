import { writeFile } from 'node:fs/promises';
import { userInfo } from 'node:os';
import { dirname, join } from 'node:path';

/** Writes `app.ini` for a Gitea on loopback and returns its path. What Gitea reads when it runs lies beside the binary. */
export async function writeGiteaConfig(
  binary: string,
  folder: string,
  port: number,
  own: GiteaConfig = {},
): Promise<string> {
  const { username } = userInfo();
  const isRoot = process.getuid?.() === 0;
  const file = join(folder, 'app.ini');
  const text = `${isRoot ? 'I_AM_BEING_UNSAFE_RUNNING_AS_ROOT = true\n' : ''}RUN_USER = ${username}
WORK_PATH = ${folder}
${format(merge(sections(binary, folder, port), own))}`;
  await writeFile(file, text, { mode: 0o600 });
  return file;
}

/** Sections of `app.ini`. */
export type GiteaConfig = Readonly<Record<string, Readonly<Record<string, string | number | boolean>>>>;

function merge(all: GiteaConfig, own: GiteaConfig): GiteaConfig {
  const changed = Object.entries(own).map(([name, keys]) => [name, { ...all[name], ...keys }]);
  return { ...all, ...(Object.fromEntries(changed) as GiteaConfig) };
}

/** Nothing leaves this host, nothing runs by itself, passwords cost little. */
function sections(binary: string, folder: string, port: number): GiteaConfig {
  return {
    server: {
      HTTP_ADDR: '127.0.0.1',
      HTTP_PORT: port,
      ROOT_URL: `http://127.0.0.1:${port}/`,
      DISABLE_SSH: true,
      OFFLINE_MODE: true,
      STATIC_ROOT_PATH: dirname(binary),
      LFS_START_SERVER: false,
    },
    database: { DB_TYPE: 'sqlite3', PATH: join(folder, 'data', 'gitea.db'), SQLITE_JOURNAL_MODE: 'WAL' },
    security: {
      INSTALL_LOCK: true,
      SECRET_KEY: 'throw-away',
      INTERNAL_TOKEN: 'throw-away-as-well',
      PASSWORD_HASH_ALGO: 'pbkdf2$1000$50',
    },
    service: { DISABLE_REGISTRATION: true },
    oauth2: { ENABLED: false },
    webhook: { ALLOWED_HOST_LIST: 'loopback' },
    indexer: { ISSUE_INDEXER_TYPE: 'db' },
    queue: { TYPE: 'channel' },
    session: { PROVIDER: 'memory' },
    actions: { ENABLED: false },
    cron: { ENABLED: false },
    log: { MODE: 'console', LEVEL: 'Warn' },
  };
}

function format(all: GiteaConfig): string {
  return Object.entries(all)
    .map(([name, keys]) => {
      const lines = Object.entries(keys).map(([key, value]) => `${key} = ${value}`);
      return [`[${name}]`, ...lines, ''].join('\n');
    })
    .join('\n');
}
