import { readFileSync } from 'node:fs';
import type { TimeZones } from '../../core/expression/time/location.ts';
import { parseZoneTable } from '../../core/expression/time/zone-table.ts';

/**
 * The time zones of the table that Gantry comes with: the same on every machine, whether or not it has tzdata. The
 * file is read when the first zone is asked for.
 */
export function openTimeZones(
  file: URL = new URL('../../../data/time-zones.txt', import.meta.url),
): TimeZones {
  let zones: TimeZones | undefined;
  return {
    find(name) {
      zones ??= parseZoneTable(readFileSync(file, 'utf8'));
      return zones.find(name);
    },
  };
}
