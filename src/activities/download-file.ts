import { createHash, type Hash } from 'node:crypto';
import { lstat, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TerminalError, TransientError } from '../core/errors.ts';
import type { HttpAnswer } from '../providers/http/http.ts';

/** Where a download goes and what it must be. */
export interface Download {
  /** Folder in which the bytes wait until all are there, out of sight of work trees. */
  readonly root: string;
  /** Absolute path. */
  readonly file: string;
  readonly maximum: number;
  /** Where the bytes come from, for messages. */
  readonly from: string;
  /** `sha256:…` or `sha512:…`. */
  readonly checksum?: string | undefined;
}

/**
 * Puts the body of an answer in place as a whole, with permissions 0600; a folder that stands there is replaced. Rejects,
 * with nothing changed, when the status is no 2xx, the body is too large or has another checksum.
 */
export async function placeDownload(answer: HttpAnswer, download: Download): Promise<void> {
  const { root, file, maximum, from } = download;
  const { status, announced } = answer;
  if (status < 200 || status > 299)
    throw new TransientError(`${from}: HTTP request failed with status ${status}`, { status: 'Failed' });
  if (announced !== undefined && announced > maximum)
    throw new TerminalError(`${from} has ${announced} bytes: at most ${maximum} can be downloaded`);
  const draft = join(root, `.draft-${basename(file).slice(0, 200)}`);
  try {
    await rm(draft, { recursive: true, force: true });
    await write(answer.body, draft, download);
    await mkdir(dirname(file), { recursive: true, mode: 0o700 });
    if (await isFolder(file)) await rm(file, { recursive: true });
    await rename(draft, file);
  } finally {
    await rm(draft, { force: true });
  }
}

async function write(
  body: AsyncIterable<Buffer>,
  draft: string,
  { maximum, from, checksum }: Download,
): Promise<void> {
  const hash = checksum === undefined ? undefined : createHash(checksum.split(':', 1)[0]!);
  const handle = await open(draft, 'wx', 0o600);
  try {
    let size = 0;
    for await (const piece of body) {
      size += piece.length;
      if (size > maximum)
        throw new Error(`${from} has more than the ${maximum} bytes that can be downloaded`);
      hash?.update(piece);
      await handle.writeFile(piece);
    }
    if (hash && checksum) compare(hash, checksum, from);
  } finally {
    await handle.close();
  }
}

function compare(hash: Hash, checksum: string, from: string): void {
  const [algorithm, wanted = ''] = checksum.split(':');
  const found = hash.digest('hex');
  if (found !== wanted.toLowerCase())
    throw new Error(
      `${from} has the checksum ${algorithm}:${found}, not the one that is wanted: ${checksum}`,
    );
}

async function isFolder(path: string): Promise<boolean> {
  const found = await lstat(path).catch(() => undefined);
  return found?.isDirectory() ?? false;
}
