import { gunzipSync, gzipSync } from 'node:zlib';

/** An archive as recorded cases write it: regular files, and an optional gzip around it. */
export interface CaseArchive {
  readonly gzip?: boolean;
  readonly entries: readonly { readonly name: string; readonly text?: string; readonly mode?: string }[];
}

/** The bytes of an archive. */
export function packTar({ gzip = false, entries }: CaseArchive): Buffer {
  const blocks = entries.flatMap(({ name, text = '', mode = '0644' }) => {
    const content = Buffer.from(text);
    return [header(name, content.length, mode), content, Buffer.alloc(-content.length & (block - 1))];
  });
  const archive = Buffer.concat([...blocks, Buffer.alloc(2 * block)]);
  return gzip ? gzipSync(archive) : archive;
}

/** The same the other way round. */
export function unpackTar(bytes: Buffer): CaseArchive {
  const gzip = bytes[0] === 0x1f;
  const archive = gzip ? gunzipSync(bytes) : bytes;
  const entries: { name: string; text: string; mode: string }[] = [];
  for (let at = 0; archive[at];) {
    const size = Number.parseInt(field(archive, at + 124, 12), 8);
    const mode = (Number.parseInt(field(archive, at + 100, 8), 8) & 0o777).toString(8).padStart(4, '0');
    const text = archive.toString('utf8', at + block, at + block + size);
    entries.push({ mode, name: field(archive, at, 100), text });
    at += block + Math.ceil(size / block) * block;
  }
  return { entries, gzip };
}

const block = 512;

function header(name: string, size: number, mode: string): Buffer {
  const bytes = Buffer.alloc(block);
  bytes.write(name, 0);
  bytes.write(`000${mode}\0`.slice(-8), 100);
  bytes.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  bytes.write('00000000000\0', 136);
  bytes.write('        0', 148);
  bytes.write('ustar\x0000', 257);
  const sum = bytes.reduce((total, byte) => total + byte, 0);
  bytes.write(`${sum.toString(8).padStart(6, '0')}\0 `, 148);
  return bytes;
}

function field(bytes: Buffer, at: number, length: number): string {
  return bytes
    .toString('utf8', at, at + length)
    .replace(/\0.*$/s, '')
    .trim();
}
