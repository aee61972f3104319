import { execFile } from 'node:child_process';
import { rm } from 'node:fs/promises';
import { promisify } from 'node:util';
import { findLockHolder, type Lock, type ToolResolver } from '../tools/tools.ts';
import {
  dataFiles,
  endOrphan,
  lockDataFolder,
  readDevInfo,
  setAsideForeign,
  writeJson,
  type DevInfo,
} from './data-folder.ts';
import { startServer, type RunningServer } from './server.ts';

export { DataFolderInUse, type DevInfo } from './data-folder.ts';

export interface DevOptions {
  /** Absolute path of the data folder; made when it is not there. */
  readonly data: string;
  /** First port to try, 0 for any; default 7233. The Web UI's is 1000 higher. */
  readonly port?: number;
  readonly tools: ToolResolver;
  /** Told what a user should know: another port, a database set aside. */
  readonly log: (text: string) => void;
}

/** The embedded Temporal server of a data folder. For development only. */
export interface DevServer extends DevInfo {
  /** Tells others where the HTTP server of Gantry is that runs beside it. */
  readonly announceServer: (url: string) => Promise<void>;
  /** Ends the server and frees the folder; at most 5 seconds, and nothing is left running. */
  readonly close: () => Promise<void>;
  /** Settles when the server is gone: undefined after `close`, else an error with the end of its log. */
  readonly exited: Promise<Error | undefined>;
}

/**
 * Starts the server and returns when its namespace answers. Rejects with DataFolderInUse when one is running or just
 * starting there (see `findDev`), and with the end of the server's log when it does not start.
 */
export async function startDev({ data, port = 7233, tools, log }: DevOptions): Promise<DevServer> {
  const { path } = await tools.resolve('temporal');
  const lock = await lockDataFolder(data);
  try {
    const serverVersion = await readServerVersion(path);
    await endOrphan(data);
    await setAsideForeign(data, serverVersion, log);
    const server = await startServer({ path, data, port, log });
    const { address, ui, namespace } = server;
    const startedAt = new Date().toISOString();
    const info: DevInfo = { address, ui, namespace, pid: process.pid, serverVersion, startedAt };
    return { ...info, ...(await announce(data, info, server, lock)) };
  } catch (error) {
    await lock.release();
    throw error;
  }
}

/** The running server of a data folder, if any; waits for one that is just starting. */
export async function findDev(data: string): Promise<DevInfo | undefined> {
  while (await findLockHolder(dataFiles(data).lock)) {
    const info = await readDevInfo(data);
    if (info) return info;
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
  return undefined;
}

/** Tells everybody where the server is, until it is gone. */
async function announce(
  data: string,
  info: DevInfo,
  server: RunningServer,
  lock: Lock,
): Promise<Pick<DevServer, 'announceServer' | 'close' | 'exited'>> {
  const files = dataFiles(data);
  let closing: Promise<void> | undefined;
  const close = () => (closing ??= withdraw());
  const withdraw = async () => {
    await rm(files.info, { force: true });
    await server.end();
    await rm(files.server, { force: true });
    await lock.release();
  };
  try {
    await writeJson(files.info, info);
  } catch (error) {
    await close();
    throw error;
  }
  const exited = server.gone.then(async (how) => {
    const asked = closing !== undefined;
    await close();
    if (asked) return undefined;
    return new Error(
      `The Temporal server ended by itself (${how}); the end of ${files.log}:\n${await server.tail()}`,
    );
  });
  const announceServer = (url: string) => writeJson(files.info, { ...info, server: url });
  return { announceServer, close, exited };
}

async function readServerVersion(path: string): Promise<string> {
  const { stdout } = await promisify(execFile)(path, ['--version'], { timeout: 20_000 });
  const version = /Server ([^\s,)]+)/.exec(stdout)?.[1];
  if (version === undefined) throw new Error(`${path} does not tell its server version: ${stdout.trim()}`);
  return version;
}
