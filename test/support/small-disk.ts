import { spawnSync } from 'node:child_process';

/** How to start a program that finds little room in one folder. */
export interface SmallDisk {
  /** Put before the command line of the program. */
  readonly command: readonly [string, ...string[]];
  /** What a promotion says when the room is used up. */
  readonly complaint: RegExp;
}

/**
 * Where this machine lets us mount, a disk of so many MiB that only the program sees, and that is gone with it; else a
 * limit of a quarter of that to every file the program writes.
 */
export function smallDisk(folder: string, megabytes: number): SmallDisk {
  const unshare = namespaces.find(
    (flags) => spawnSync('unshare', [...flags, 'sh', '-c', mount('1', '/tmp')]).status === 0,
  );
  if (unshare) {
    const script = `${mount('"$1"', '"$2"')} && shift 2 && exec "$@"`;
    const command = ['unshare', ...unshare, 'sh', '-c', script, 'sh', String(megabytes), folder] as const;
    return { command, complaint };
  }
  // In blocks of 512 bytes.
  const script = `ulimit -f ${megabytes * 512} && exec "$@"`;
  return { command: ['sh', '-c', script, 'sh'], complaint: /index-pack|file too large|SIGXFSZ/i };
}

const complaint =
  /(no space left on device|unable to write file)[^]*check the disk of its workspaces folder \(\d+ of \d+ MiB/i;

/** As root, or as anybody where the kernel allows that. */
const namespaces = [['-m'], ['-rm']];

function mount(megabytes: string, folder: string): string {
  return `mount -t tmpfs -o size=${megabytes}m none ${folder}`;
}
