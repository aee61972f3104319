import type { TimeZones } from './location.ts';
import { Zone, type ZoneData } from './zone.ts';

/**
 * The zones of a table: a line is `name=other name`, or `name kinds first changes rule` with the kinds as
 * `CET:3600,CEST:7200` and the changes as `seconds:kind`, each counted from the one before, in base 36. Lines that begin
 * with `#` are comments.
 */
export function parseZoneTable(text: string): TimeZones {
  const lines = new Map<string, string>();
  for (const line of text.split('\n')) {
    const end = line.search(/[ =]/);
    if (end > 0 && !line.startsWith('#')) lines.set(line.slice(0, end), line.slice(end));
  }
  const known = new Map<string, Zone>();
  const find = (name: string): Zone | undefined => {
    const line = lines.get(name);
    if (line === undefined) return undefined;
    if (line.startsWith('=')) return find(line.slice(1));
    const zone = known.get(name) ?? new Zone(parseLine(line.slice(1)));
    known.set(name, zone);
    return zone;
  };
  return { find };
}

/** A zone as a line of the table, its name aside. */
export function formatZone({ kinds, first, changes, rule }: ZoneData): string {
  const list = kinds.map(({ abbreviation, offset }) => `${abbreviation}:${offset}`).join(',');
  const moves = changes.map(({ at, kind }, index) => {
    return `${(at - (changes[index - 1]?.at ?? 0)).toString(36)}:${kind.toString(36)}`;
  });
  return `${list} ${first} ${moves.join(',') || '-'} ${rule}`;
}

function parseLine(line: string): ZoneData {
  const [kinds = '', first = '0', moves = '-', rule = ''] = line.split(' ');
  let at = 0;
  const changes =
    moves === '-'
      ? []
      : moves.split(',').map((move) => {
          const [distance = '', kind = ''] = move.split(':');
          at += parseInt(distance, 36);
          return { at, kind: parseInt(kind, 36) };
        });
  return { kinds: kinds.split(',').map(parseKind), first: Number(first), changes, rule };
}

function parseKind(text: string): ZoneData['kinds'][number] {
  const end = text.lastIndexOf(':');
  return { abbreviation: text.slice(0, end), offset: Number(text.slice(end + 1)) };
}
