import { createReadStream, createWriteStream } from 'node:fs';
import { pipeline } from 'node:stream/promises';
import { createGunzip } from 'node:zlib';

const block = 512;

/**
 * Writes one member of a .tar.gz to `target`. An own reader of forty lines, as nothing in the archive but that
 * member's bytes is ever used: no path, link, mode or owner of it can reach the disk. Rejects when the member is not
 * there as a regular file, or the archive is cut short.
 */
export async function unpackMember(archive: string, member: string, target: string): Promise<void> {
  let found = false;
  await pipeline(
    createReadStream(archive),
    createGunzip(),
    async function* (source: AsyncIterable<Buffer>) {
      const input = createReader(source);
      for (;;) {
        const header = await input.next(block);
        const entry = header && parseHeader(header);
        if (!entry) return;
        const wanted = entry.name === member && entry.isFile && !found;
        found ||= wanted;
        for (let left = entry.size; left > 0; ) {
          const bytes = await input.next(Math.min(left, 1 << 16));
          if (!bytes) throw new Error('the archive is cut short');
          left -= bytes.length;
          if (wanted) yield bytes;
        }
        await input.next((block - (entry.size % block)) % block);
      }
    },
    createWriteStream(target),
  );
  if (!found) throw new Error(`the archive has no file ${member}`);
}

interface Entry {
  readonly name: string;
  readonly size: number;
  readonly isFile: boolean;
}

/** Undefined at the end of the archive, which is a block of zeros. */
function parseHeader(header: Buffer): Entry | undefined {
  if (header.every((byte) => byte === 0)) return undefined;
  const text = (start: number, end: number) => header.toString('latin1', start, end).replace(/\0.*$/s, '');
  const size = Number.parseInt(text(124, 136).trim() || '0', 8);
  const checksum = Number.parseInt(text(148, 156).trim(), 8);
  const sum = header.reduce((total, byte, at) => total + (at >= 148 && at < 156 ? 32 : byte), 0);
  if (sum !== checksum || !Number.isSafeInteger(size)) throw new Error('this is no tar archive');
  const type = text(156, 157);
  const prefix = text(257, 262) === 'ustar' ? text(345, 500) : '';
  const name = [prefix, text(0, 100)].filter(Boolean).join('/');
  return { name: name.replace(/^\.\//, ''), size, isFile: type === '' || type === '0' };
}

interface Reader {
  /** Exactly this many bytes; undefined when fewer are left. */
  next(count: number): Promise<Buffer | undefined>;
}

function createReader(source: AsyncIterable<Buffer>): Reader {
  const chunks = source[Symbol.asyncIterator]();
  let rest: Buffer = Buffer.alloc(0);
  return {
    async next(count) {
      while (rest.length < count) {
        const { value, done } = await chunks.next();
        if (done) return undefined;
        rest = rest.length === 0 ? value : Buffer.concat([rest, value]);
      }
      const bytes = rest.subarray(0, count);
      rest = rest.subarray(count);
      return bytes;
    },
  };
}
