import type { ZoneData } from '../../src/core/expression/time/zone.ts';

/** A compiled zone of tzdata (TZif, RFC 8536), its 64-bit part. Throws for files without one. */
export function parseZoneFile(file: Buffer): ZoneData {
  if (file.toString('latin1', 0, 4) !== 'TZif' || file[4] === 0)
    throw new TypeError('no zone of version 2 or later');
  const old = headerAt(file, 0);
  const start = 44 + old.changes * 5 + old.kinds * 6 + old.letters + old.leaps * 8 + old.standard + old.ut;
  const { changes, kinds, letters, leaps, standard, ut } = headerAt(file, start);
  const times = start + 44;
  const indices = times + changes * 8;
  const kindsAt = indices + changes;
  const lettersAt = kindsAt + kinds * 6;
  const footer = lettersAt + letters + leaps * 12 + standard + ut;
  const list = Array.from({ length: kinds }, (_, index) => {
    const at = kindsAt + index * 6;
    const name = lettersAt + file.readUInt8(at + 5);
    return {
      abbreviation: file.toString('latin1', name, file.indexOf(0, name)),
      offset: file.readInt32BE(at),
      isSummer: file.readUInt8(at + 4) === 1,
    };
  });
  const moves = Array.from({ length: changes }, (_, index) => ({
    at: Number(file.readBigInt64BE(times + index * 8)),
    kind: file.readUInt8(indices + index),
  }));
  return {
    kinds: list.map(({ abbreviation, offset }) => ({ abbreviation, offset })),
    first: firstKind(list, moves),
    changes: moves,
    rule: file.toString('latin1', footer + 1, file.indexOf(10, footer + 1)),
  };
}

/** What holds before the first change: the first kind if no change leads to it, else a standard time. */
function firstKind(
  kinds: readonly { readonly isSummer: boolean }[],
  moves: readonly { readonly kind: number }[],
) {
  if (!moves.some(({ kind }) => kind === 0)) return 0;
  const begin = moves[0]!.kind;
  const before = kinds[begin]!.isSummer
    ? kinds.findLastIndex(({ isSummer }, index) => index < begin && !isSummer)
    : -1;
  if (before >= 0) return before;
  return Math.max(
    0,
    kinds.findIndex(({ isSummer }) => !isSummer),
  );
}

function headerAt(file: Buffer, start: number) {
  const [ut, standard, leaps, changes, kinds, letters] = Array.from({ length: 6 }, (_, index) =>
    file.readUInt32BE(start + 20 + index * 4),
  ) as [number, number, number, number, number, number];
  return { ut, standard, leaps, changes, kinds, letters };
}
