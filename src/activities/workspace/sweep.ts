import { readdir, readFile } from 'node:fs/promises';
import { taskVariable } from '../../providers/git/marked-processes.ts';

/**
 * Kills processes that a dead worker left behind: those whose mark begins with the given text. Only where the system
 * shows the environment of processes (Linux); elsewhere it finds none.
 */
export async function sweepTasks(prefix: string): Promise<number> {
  const pids = (await readdir('/proc').catch(() => [])).filter((name) => /^\d+$/.test(name));
  const found = await Promise.all(pids.map((pid) => hasMark(pid, `${taskVariable}=${prefix}`)));
  const marked = pids.filter((pid, index) => found[index] && Number(pid) !== process.pid);
  for (const pid of marked) kill(Number(pid));
  return marked.length;
}

async function hasMark(pid: string, mark: string): Promise<boolean> {
  const environment = await readFile(`/proc/${pid}/environ`, 'utf8').catch(() => '');
  return environment.split('\0').some((entry) => entry.startsWith(mark));
}

function kill(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
