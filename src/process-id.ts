import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { promisify } from 'node:util';

/** A process that cannot be mistaken for a later one with the same number. */
export interface ProcessId {
  readonly pid: number;
  /** When it started, in the system's own words: only good for comparing. */
  readonly started: string;
}

/** The id of a running process; undefined when there is none (or only its zombie). */
export async function findProcess(pid: number): Promise<ProcessId | undefined> {
  const started = process.platform === 'linux' ? await startInProc(pid) : await startInPs(pid);
  return started === undefined ? undefined : { pid, started };
}

/** Says whether exactly this process still runs. */
export async function isRunning(id: ProcessId): Promise<boolean> {
  return (await findProcess(id.pid))?.started === id.started;
}

async function startInProc(pid: number): Promise<string | undefined> {
  const stat = await readFile(`/proc/${pid}/stat`, 'utf8').catch(() => undefined);
  // The name in parentheses may hold anything, so fields count from the last one.
  const fields = stat?.slice(stat.lastIndexOf(')') + 2).split(' ');
  return fields === undefined || fields[0] === 'Z' ? undefined : fields[19];
}

async function startInPs(pid: number): Promise<string | undefined> {
  const ps = promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], { env: { LC_ALL: 'C' } });
  const line = (await ps.catch(() => ({ stdout: '' }))).stdout.trim();
  return line === '' || line.startsWith('Z') ? undefined : line.replace(/^\S+\s+/, '');
}
