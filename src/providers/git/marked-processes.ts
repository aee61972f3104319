import { readdir, readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';

/** Name of the variable that marks every process started for a task, and all of theirs. */
export const taskVariable = 'GANTRY_TASK';

/**
 * Ends every process that carries the task's mark, politely first: helpers and hooks outlive the git that started them.
 * Resolves when none is left. Only Linux shows the environment of processes; elsewhere nothing happens.
 */
export async function endMarkedProcesses(task: string, graceMs = 2000): Promise<void> {
  if (process.platform !== 'linux') return;
  for (const signal of ['SIGTERM', 'SIGKILL'] as const) {
    const told = new Set<number>();
    for (const end = Date.now() + graceMs; Date.now() < end; await sleep(20)) {
      const alive = await findMarkedProcesses(task);
      if (alive.length === 0) return;
      for (const pid of alive) {
        if (!told.has(pid)) kill(pid, signal);
        told.add(pid);
      }
    }
  }
}

/** IDs of the live processes with the task's mark, ours excepted. */
export async function findMarkedProcesses(task: string): Promise<readonly number[]> {
  const mark = `${taskVariable}=${task}`;
  const pids = (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid);
  const marked = await Promise.all(pids.map((pid) => carriesMark(pid, mark)));
  return pids.filter((_, index) => marked[index]).map(Number);
}

async function carriesMark(pid: string, mark: string): Promise<boolean> {
  try {
    return (await readFile(`/proc/${pid}/environ`, 'utf8')).split('\0').includes(mark);
  } catch {
    // Gone in the meantime, or somebody else's.
    return false;
  }
}

function kill(pid: number, signal: NodeJS.Signals): void {
  try {
    process.kill(pid, signal);
  } catch {
    // Gone in the meantime.
  }
}
