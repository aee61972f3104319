import { spawn, type ChildProcess, type SpawnOptions } from 'node:child_process';
import { execFileSync } from 'node:child_process';
import { existsSync, readdirSync } from 'node:fs';
import { chown, mkdtemp, rm } from 'node:fs/promises';
import { once } from 'node:events';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { findFreePort } from '../../src/dev/ports.ts';
import { findOnPath } from '../../src/tools/path.ts';

/** A PostgreSQL of a test's own, on loopback; user and password are `temporal`. */
export interface Postgres {
  readonly port: number;
  close(): Promise<void>;
}

/** The folder of PostgreSQL's programs: where PATH has them, or where Debian hides them; undefined without one. */
export function findPostgres(path = process.env['PATH']): string | undefined {
  const initdb = findOnPath('initdb', path);
  if (initdb !== undefined && findOnPath('postgres', path) !== undefined) return join(initdb, '..');
  const versions = existsSync(debian) ? readdirSync(debian) : [];
  const newest = versions.toSorted((a, b) => Number(b) - Number(a))[0];
  const folder = join(debian, newest ?? '', 'bin');
  return newest !== undefined && existsSync(join(folder, 'initdb')) ? folder : undefined;
}

/** Starts one without anything in it. It keeps nothing: a crash of the machine may damage it. Must be closed. */
export async function openPostgres(): Promise<Postgres> {
  const programs = findPostgres();
  if (programs === undefined)
    throw new Error('There is no PostgreSQL on this machine: install version 15 or newer');
  const user = unprivileged();
  const data = await mkdtemp(join(tmpdir(), 'gantry-postgres-'));
  if (user.uid !== undefined && user.gid !== undefined) await chown(data, user.uid, user.gid);
  const options = { ...user, cwd: data, env: { PATH: process.env['PATH'], LC_ALL: 'C' } };
  try {
    const how = ['-A', 'trust', '-U', 'temporal', '-E', 'UTF8', '--no-sync', '-D', data];
    await finish(
      spawn(join(programs, 'initdb'), how, { ...options, stdio: ['ignore', 'ignore', 'inherit'] }),
    );
    return await start(join(programs, 'postgres'), data, options);
  } catch (error) {
    await rm(data, { recursive: true, force: true });
    throw error;
  }
}

const debian = '/usr/lib/postgresql';

/** PostgreSQL refuses to run as root. */
function unprivileged(): Pick<SpawnOptions, 'uid' | 'gid'> {
  if (process.getuid?.() !== 0) return {};
  const idOf = (user: string, what: string) =>
    Number(execFileSync('id', [what, user], { stdio: ['ignore', 'pipe', 'ignore'] }).toString());
  try {
    return { uid: idOf('postgres', '-u'), gid: idOf('postgres', '-g') };
  } catch {
    return { uid: idOf('nobody', '-u'), gid: idOf('nobody', '-g') };
  }
}

async function start(program: string, data: string, options: SpawnOptions): Promise<Postgres> {
  const port = await findFreePort(0);
  const settings = {
    listen_addresses: '127.0.0.1',
    port,
    unix_socket_directories: '',
    // Nothing in it is to outlive the test.
    fsync: 'off',
    synchronous_commit: 'off',
    full_page_writes: 'off',
    max_connections: 200,
  };
  const args = Object.entries(settings).flatMap(([name, value]) => ['-c', `${name}=${value}`]);
  const child = spawn(program, ['-D', data, ...args], { ...options, stdio: ['ignore', 'ignore', 'ignore'] });
  const gone = once(child, 'exit');
  await untilOpen(port, child);
  return {
    port,
    async close() {
      // Fast shutdown: does not wait for clients.
      child.kill('SIGINT');
      await gone;
      await rm(data, { recursive: true, force: true });
    },
  };
}

/** Resolves when something listens on the port of loopback; rejects when the process has ended. */
export async function untilOpen(port: number, child: ChildProcess): Promise<void> {
  while (!(await isOpen(port))) {
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`${child.spawnfile} ended with ${child.exitCode ?? child.signalCode}`);
    }
    await sleep(50);
  }
}

/** Rejects unless the process ends with 0. */
export async function finish(child: ChildProcess): Promise<void> {
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`${child.spawnargs.join(' ')} ended with ${code}`);
}

function isOpen(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host: '127.0.0.1', port });
    const end = (open: boolean) => {
      socket.destroy();
      resolve(open);
    };
    socket.once('connect', () => end(true));
    socket.once('error', () => end(false));
  });
}
