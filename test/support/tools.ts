import { execFileSync } from 'node:child_process';

/** Path of a binary the tests need. */
export function toolPath(name: string): string {
  return execFileSync('sh', ['-c', 'command -v "$1"', 'sh', name], { encoding: 'utf8' }).trim();
}
