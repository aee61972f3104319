import { setTimeout as wait } from 'node:timers/promises';

/** Sends a signal to a process and all it started; false when none of them is left. */
export function signalGroup(pid: number | undefined, name: NodeJS.Signals | 0): boolean {
  try {
    return pid !== undefined && process.kill(-pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}

/** Resolves when a killed group is gone. Bounded: where nobody reaps orphans, the group of a dead one stays for ever. */
export async function groupIsGone(pid: number | undefined): Promise<void> {
  for (let look = 0; look < 25 && signalGroup(pid, 'SIGKILL'); look += 1) await wait(20);
}

/** Milliseconds from TERM to KILL. */
export const graceMs = 5000;
