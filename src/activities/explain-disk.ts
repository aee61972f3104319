import { statfs } from 'node:fs/promises';
import { messageOf, TerminalError, TransientError } from '../core/errors.ts';

/**
 * An error of a step that could not write its files gets told what to look at, with the room that is left where they
 * lie: git, for one, does not say why it is "unable to write file". Every other error stays as it is.
 */
export async function explainDisk(error: unknown, folder: string): Promise<unknown> {
  const message = messageOf(error);
  if (error instanceof TerminalError || !causes.test(message)) return error;
  const room = await tellRoom(folder);
  const text = `${message}\nThe worker cannot write: check the disk of its workspaces folder${room}`;
  if (!(error instanceof TransientError)) return new Error(text, { cause: error });
  const { status, output } = error;
  return new TransientError(text, { status, cause: error, ...(output && { output }) });
}

const causes =
  /\b(ENOSPC|EDQUOT|EROFS|EFBIG|EIO|SIGXFSZ)\b|no space left on device|disk quota exceeded|read-only file system|file too large|unable to (write|create) (file|temporary|new index)|unable to append to|input\/output error/i;

async function tellRoom(folder: string): Promise<string> {
  try {
    const { bavail, blocks, bsize } = await statfs(folder);
    return ` (${inMiB(bavail * bsize)} of ${inMiB(blocks * bsize)} MiB are free now)`;
  } catch {
    return '';
  }
}

function inMiB(bytes: number): number {
  return Math.floor(bytes / 1024 ** 2);
}
