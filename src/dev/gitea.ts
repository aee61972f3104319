import { execFile } from 'node:child_process';
import { cp, mkdir, mkdtemp, rename, rm, stat } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { promisify } from 'node:util';
import { writeGiteaConfig, type GiteaConfig } from './gitea-config.ts';
import { findFreePort } from './ports.ts';
import { openServerProcess, sizeOf, tailOf, type ServerProcess } from './server-process.ts';

/** A running Gitea on loopback. It ends with the process that started it. */
export interface Gitea {
  /** Without a slash at its end. */
  readonly url: string;
  /** User name and password of its administrator. */
  readonly admin: { readonly username: string; readonly password: string };
  close(): Promise<void>;
}

export interface GiteaOptions {
  /** Absolute path; what it reads when it runs lies beside it. */
  readonly binary: string;
  /** Where it keeps everything; made when it is not there. */
  readonly folder: string;
  /** Keeps an empty installation here for the next ones, which then start in a second. */
  readonly prepared?: string;
  /** Sections of its configuration that differ. */
  readonly config?: GiteaConfig;
  readonly signal?: AbortSignal;
}

/** Starts a Gitea that speaks HTTP on a free port; resolves when it answers. Rejects with the end of its log. */
export async function startGitea({
  binary,
  folder,
  prepared,
  config = {},
  signal,
}: GiteaOptions): Promise<Gitea> {
  if (!(await exists(join(folder, 'data')))) {
    if (prepared === undefined) await install(binary, folder);
    else await copyPrepared(binary, prepared, folder);
  }
  for (let attempt = 1; ; attempt += 1) {
    const port = await findFreePort(0);
    const file = await writeGiteaConfig(binary, folder, port, config);
    const log = join(folder, 'gitea.log');
    const start = await sizeOf(log);
    const server = await openServerProcess(binary, ['--config', file, '--work-path', folder, 'web'], log);
    const url = `http://127.0.0.1:${port}`;
    if (await becomesReady(server, url, signal)) return { url, admin, close: () => server.end() };
    await server.end();
    signal?.throwIfAborted();
    // Somebody else may have taken the port meanwhile.
    if (attempt === 3) throw new Error(`Gitea did not start: ${await tailOf(log, start)}`);
  }
}

const admin = { username: 'root1', password: 'Passw0rd-x' };
const run = promisify(execFile);

async function install(binary: string, folder: string): Promise<void> {
  await mkdir(folder, { recursive: true });
  const config = await writeGiteaConfig(binary, folder, 1);
  const call = (...args: string[]) =>
    run(binary, ['--config', config, '--work-path', folder, ...args], { cwd: folder });
  await call('migrate');
  const who = ['--username', admin.username, '--password', admin.password, '--email', 'root1@example.test'];
  await call('admin', 'user', 'create', '--admin', ...who, '--must-change-password=false');
}

/** Made aside and renamed: whoever is second takes what the first one made. */
async function copyPrepared(binary: string, prepared: string, folder: string): Promise<void> {
  if (!(await exists(prepared))) {
    await mkdir(dirname(prepared), { recursive: true });
    const draft = await mkdtemp(`${prepared}-`);
    try {
      await install(binary, draft);
      await rename(draft, prepared).catch(async (error: unknown) => {
        if (!(await exists(prepared))) throw error;
      });
    } finally {
      await rm(draft, { recursive: true, force: true });
    }
  }
  await cp(prepared, folder, { recursive: true });
}

async function becomesReady(server: ServerProcess, url: string, signal?: AbortSignal): Promise<boolean> {
  let isGone = false;
  void server.gone.then(() => (isGone = true));
  const until = Date.now() + 60_000;
  while (!isGone && !signal?.aborted && Date.now() < until) {
    const answer = await fetch(`${url}/api/healthz`).catch(() => undefined);
    if (answer?.ok) return true;
    await wait(50);
  }
  return false;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
