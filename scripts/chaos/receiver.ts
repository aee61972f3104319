import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { spawnGantry, type GantryProcess } from '../../test/support/cli.ts';

/** `gantry server`, process after process: it receives webhooks of a Gitea, always at the same address. */
export interface Receiver {
  readonly url: string;
  /** How those processes ended that nobody had ended. */
  readonly accidents: readonly string[];
  /** Kills it and, after a pause, starts it again. Answers whether it did: not while it is just starting. */
  restart(pause: number): Promise<boolean>;
  close(): Promise<void>;
}

/** Starts the first one, on a free port. */
export async function openReceiver({
  folder,
  address,
  host,
  flags,
}: {
  readonly folder: string;
  readonly address: string;
  readonly host: string;
  readonly flags: readonly string[];
}): Promise<Receiver> {
  const disk = join(folder, 'receiver');
  mkdirSync(disk, { recursive: true });
  const spawn = (port: string) =>
    spawnGantry(
      ['server', '--server-port', port, '--webhooks', `${host}=webhooks/gitea`, '-o', 'json', ...flags],
      { cwd: disk, home: disk, env: { TEMPORAL_ADDRESS: address } },
    );
  let process: GantryProcess = spawn('0');
  const [, url = ''] = await process.until('stdout', /"url":"([^"]+)"/);
  const accidents: string[] = [];
  const watch = async (watched: GantryProcess) => {
    const { code, stderr } = await watched.exited;
    if (!watched.child.killed)
      accidents.push(`webhook receiver ended with ${code} by itself: ${stderr.slice(-500)}`);
  };
  void watch(process);
  const comeBack = async () => {
    for (let attempt = 1; ; attempt += 1) {
      process = spawn(new URL(url).port);
      try {
        await process.until('stdout', /"url":"/);
        return void watch(process);
      } catch (error) {
        // Temporal may be away.
        if (attempt === 20) throw error;
        await sleep(500);
      }
    }
  };
  let isRestarting = false;
  return {
    url: `${url}/webhooks/gitea`,
    accidents,
    async restart(pause) {
      if (isRestarting) return false;
      isRestarting = true;
      process.child.kill('SIGKILL');
      await process.exited;
      await sleep(pause);
      await comeBack();
      isRestarting = false;
      return true;
    },
    async close() {
      process.child.kill('SIGKILL');
      await process.exited;
    },
  };
}
