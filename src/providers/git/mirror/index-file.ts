/** A file as git's index remembers it: what `lstat` said when git wrote it, to the nanosecond. */
export interface IndexEntry {
  /** ID of the content. */
  readonly id: string;
  readonly changed: bigint;
  readonly modified: bigint;
  /** Lower 32 bits. */
  readonly inode: number;
  /** Lower 32 bits. */
  readonly size: number;
  readonly kind: 'file' | 'link' | 'submodule';
  /** Left out by a sparse checkout. */
  readonly absent: boolean;
}

/** Entries of an index by path. Undefined for one that this cannot vouch for: unknown version, conflicts, odd names. */
export function parseIndex(bytes: Buffer, idLength: 20 | 32): ReadonlyMap<string, IndexEntry> | undefined {
  if (bytes.length < 12 || bytes.toString('latin1', 0, 4) !== 'DIRC') return undefined;
  const version = bytes.readUInt32BE(4);
  if (version !== 2 && version !== 3) return undefined;
  const entries = new Map<string, IndexEntry>();
  let offset = 12;
  for (let left = countEntries(bytes); left > 0; left--) {
    const read = readEntry(bytes, offset, idLength);
    if (!read) return undefined;
    entries.set(read.path, read.entry);
    offset = read.end;
  }
  return entries;
}

/**
 * Paths of the entries that fit, without reading more of the others than where they end. Undefined for an index of an
 * unknown form.
 */
export function findIndexed(
  bytes: Buffer,
  idLength: 20 | 32,
  fits: (kind: IndexEntry['kind'] | undefined, name: Buffer) => boolean,
): readonly string[] | undefined {
  const version = bytes.length < 12 ? 0 : bytes.readUInt32BE(4);
  if (version !== 2 && version !== 3) return undefined;
  const found: string[] = [];
  let start = 12;
  for (let left = countEntries(bytes); left > 0; left--) {
    const flagsAt = start + fixedLength + idLength;
    if (flagsAt + 2 > bytes.length) return undefined;
    const flags = bytes.readUInt16BE(flagsAt);
    const nameAt = flagsAt + ((flags & 0x4000) !== 0 ? 4 : 2);
    const length = flags & 0xfff;
    const nameEnd = length < 0xfff ? nameAt + length : bytes.indexOf(0, nameAt);
    const name = bytes.subarray(nameAt, nameEnd);
    if (nameEnd < 0) return undefined;
    if (fits(kinds[bytes.readUInt32BE(start + 24) >>> 12], name)) found.push(name.toString());
    start += (nameEnd - start + 8) & ~7;
  }
  return found;
}

/** Number of files an index names, without reading them. */
export function countEntries(bytes: Buffer): number {
  return bytes.length < 12 ? 0 : bytes.readUInt32BE(8);
}

interface Read {
  readonly path: string;
  readonly entry: IndexEntry;
  readonly end: number;
}

function readEntry(bytes: Buffer, start: number, idLength: number): Read | undefined {
  const flagsAt = start + fixedLength + idLength;
  if (flagsAt + 2 > bytes.length) return undefined;
  const flags = bytes.readUInt16BE(flagsAt);
  const isExtended = (flags & 0x4000) !== 0;
  const nameAt = flagsAt + (isExtended ? 4 : 2);
  const nameEnd = bytes.indexOf(0, nameAt);
  const path = bytes.toString('utf8', nameAt, nameEnd);
  const kind = kinds[bytes.readUInt32BE(start + 24) >>> 12];
  if (nameEnd < 0 || (flags & 0x3000) !== 0 || !kind || path.includes('\uFFFD')) return undefined;
  const entry: IndexEntry = {
    id: bytes.toString('hex', start + fixedLength, flagsAt),
    changed: readTime(bytes, start),
    modified: readTime(bytes, start + 8),
    inode: bytes.readUInt32BE(start + 20),
    size: bytes.readUInt32BE(start + 36),
    kind,
    absent: isExtended && (bytes.readUInt16BE(flagsAt + 2) & 0x4000) !== 0,
  };
  // Entries end with one to eight NULs, at a multiple of eight.
  return { path, entry, end: start + ((nameEnd - start + 8) & ~7) };
}

function readTime(bytes: Buffer, at: number): bigint {
  return BigInt(bytes.readUInt32BE(at)) * 1_000_000_000n + BigInt(bytes.readUInt32BE(at + 4));
}

/** Two times, device, inode, mode, user, group, size. */
const fixedLength = 40;

const kinds: Readonly<Record<number, IndexEntry['kind']>> = {
  0o10: 'file',
  0o12: 'link',
  0o16: 'submodule',
};
