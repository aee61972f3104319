import { gunzipSync, gzipSync } from 'node:zlib';

/** An archive as recorded cases write it, and an optional gzip around it. */
export interface CaseArchive {
  readonly gzip?: boolean;
  /** null for none. */
  readonly entries: readonly CaseArchiveEntry[] | null;
}

export interface CaseArchiveEntry {
  readonly name: string;
  /** A file when absent; devices only in our own tests. */
  readonly type?: keyof typeof flags;
  readonly text?: string;
  readonly repeat?: string;
  readonly count?: number;
  /** Target of a link. */
  readonly link?: string;
  readonly mode?: string;
}

/** The bytes of an archive. */
export function packTar({ gzip = false, entries }: CaseArchive): Buffer {
  const archive = Buffer.concat([...(entries ?? []).flatMap(packEntry), Buffer.alloc(2 * block)]);
  return gzip ? gzipSync(archive) : archive;
}

/** The same the other way round. */
export function unpackTar(bytes: Buffer): CaseArchive {
  const gzip = bytes[0] === 0x1f;
  const archive = gzip ? gunzipSync(bytes) : bytes;
  const entries: CaseArchiveEntry[] = [];
  let long: { readonly path?: string; readonly linkpath?: string } = {};
  for (let at = 0; archive[at];) {
    const size = Number.parseInt(field(archive, at + 124, 12), 8) || 0;
    const text = archive.toString('utf8', at + block, at + block + size);
    const flag = field(archive, at + 156, 1) || '0';
    if (flag === 'x') long = readExtension(text);
    else {
      entries.push(describe(archive, at, flag, text, long));
      long = {};
    }
    at += block + Math.ceil(size / block) * block;
  }
  return { entries: entries.length > 0 ? entries : null, gzip };
}

const flags = { symlink: '2', hardlink: '1', fifo: '6', dir: '5', chardev: '3' } as const;

const block = 512;

function packEntry(entry: CaseArchiveEntry): readonly Buffer[] {
  const { name, text = '', repeat = '', count = 0, type, link = '' } = entry;
  const content = Buffer.from(text + repeat.repeat(count));
  const padding = Buffer.alloc(-content.length & (block - 1));
  const mode = entry.mode ?? (type === 'dir' ? '0755' : '0644');
  const main = header({ name, size: content.length, mode, flag: type ? flags[type] : '0', link });
  const isLong = Buffer.byteLength(name) > 100 || /[^\p{ASCII}]/u.test(name);
  return [...(isLong ? packExtension(name) : []), main, content, padding];
}

function packExtension(name: string): readonly Buffer[] {
  const record = ` path=${name}\n`;
  const bytes = Buffer.byteLength(record);
  const length = [bytes + 2, bytes + 3].find((sum) => String(sum).length + bytes === sum) ?? bytes + 4;
  const content = Buffer.from(`${length}${record}`);
  const head = header({ name: 'pax', size: content.length, mode: '0644', flag: 'x', link: '' });
  return [head, content, Buffer.alloc(-content.length & (block - 1))];
}

function readExtension(text: string): { readonly path?: string; readonly linkpath?: string } {
  return Object.fromEntries(
    [...text.matchAll(/^\d+ (path|linkpath)=(.*)$/gm)].map(([, key, value]) => [key, value]),
  );
}

function describe(
  archive: Buffer,
  at: number,
  flag: string,
  text: string,
  long: { readonly path?: string; readonly linkpath?: string },
): CaseArchiveEntry {
  const prefix = field(archive, at + 345, 155);
  const name = long.path ?? (prefix ? `${prefix}/` : '') + field(archive, at, 100);
  if (flag === '5') return { name, type: 'dir' };
  if (flag === '2') return { link: long.linkpath ?? field(archive, at + 157, 100), name, type: 'symlink' };
  if (flag !== '0') throw new Error(`an entry of kind ${flag}: ${name}`);
  const mode = (Number.parseInt(field(archive, at + 100, 8), 8) & 0o777).toString(8).padStart(4, '0');
  return { mode, name, text };
}

interface Header {
  readonly name: string;
  readonly size: number;
  readonly mode: string;
  readonly flag: string;
  readonly link: string;
}

function header({ name, size, mode, flag, link }: Header): Buffer {
  const bytes = Buffer.alloc(block);
  bytes.write(name, 0, 100);
  bytes.write(`000${mode}\0`.slice(-8), 100);
  bytes.write(`${size.toString(8).padStart(11, '0')}\0`, 124);
  bytes.write('00000000000\0', 136);
  bytes.write(`        ${flag}`, 148);
  bytes.write(link, 157, 100);
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
