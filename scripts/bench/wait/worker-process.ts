import { execFileSync } from 'node:child_process';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { spawnGantry } from '../../../test/support/cli.ts';

/** A `gantry worker` in a process of its own. */
export interface WorkerProcess {
  /** Bytes of memory that it has now. */
  memory(): number;
  end(signal: 'SIGTERM' | 'SIGKILL'): Promise<void>;
}

/** Starts one with a disk of its own below the folder; resolves when it takes tasks. */
export async function startWorkerProcess(
  address: string,
  folder: string,
  name: string,
): Promise<WorkerProcess> {
  const disk = join(folder, name);
  await mkdir(disk, { recursive: true });
  const options = ['--allow-inline-steps', '--http-allow=loopback', '--capacity=20'];
  const process = spawnGantry(['worker', '--data', disk, '--log-format=json', ...options], {
    cwd: disk,
    home: disk,
    env: { TEMPORAL_ADDRESS: address },
  });
  await process.until('stderr', /Worker is ready/);
  const { child } = process;
  return {
    memory: () => 1024 * Number(execFileSync('ps', ['-o', 'rss=', '-p', String(child.pid)]).toString()),
    async end(signal) {
      child.kill(signal);
      await process.exited;
    },
  };
}
