/**
 * Writes `data/time-zones.txt` from the tzdata of this machine: `tsx scripts/make-time-zones.ts [/usr/share/zoneinfo]`.
 * To be run when tzdata is newer than the table.
 */
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Zone, type ZoneData } from '../src/core/expression/time/zone.ts';
import { formatZone } from '../src/core/expression/time/zone-table.ts';
import { parseZoneFile } from './time-zones/zone-file.ts';

const folder = process.argv[2] ?? '/usr/share/zoneinfo';
const lines: string[] = [];
const names = new Map<string, string>();
for (const name of zoneNames()) {
  const line = formatZone(withoutRepetition(parseZoneFile(readFileSync(join(folder, name)))));
  const same = names.get(line);
  lines.push(same === undefined ? `${name} ${line}` : `${name}=${same}`);
  if (same === undefined) names.set(line, name);
}
const [, version = 'unknown'] =
  /^# version (\S+)/.exec(readFileSync(join(folder, 'tzdata.zi'), 'utf8')) ?? [];
const head = `# Time zones of tzdata ${version} (public domain), written by scripts/make-time-zones.ts.`;
writeFileSync(new URL('../data/time-zones.txt', import.meta.url), `${[head, ...lines].join('\n')}\n`);
console.log(`${names.size} zones with ${lines.length} names, tzdata ${version}`);

function zoneNames(): readonly string[] {
  const all = readdirSync(folder, { recursive: true, encoding: 'utf8' });
  const isOther = /^(posix|right)(\/|$)|^(localtime|posixrules)$/;
  return all
    .filter((name) => !isOther.test(name) && /^[A-Z][\w+/-]*$/.test(name) && isZone(join(folder, name)))
    .sort();
}

function isZone(path: string): boolean {
  try {
    return readFileSync(path).toString('latin1', 0, 4) === 'TZif';
  } catch {
    return false;
  }
}

/** Leaves out the changes at the end that follow from the rule. */
function withoutRepetition(data: ZoneData): ZoneData {
  if (data.rule === '') return data;
  const changes = [...data.changes];
  while (changes.length > 1) {
    const shorter = { ...data, changes: changes.slice(0, -1) };
    if (!isSame(data, shorter, changes.at(-2)!.at)) break;
    changes.pop();
  }
  return { ...data, changes };
}

/** Whether two zones agree from an instant on, looked at every ten days and around every change. */
function isSame(one: ZoneData, other: ZoneData, from: number): boolean {
  const [left, right] = [new Zone(one), new Zone(other)];
  const end = one.changes.at(-1)!.at + 400 * 86400;
  const instants = one.changes.flatMap(({ at }) => [at - 1, at]).filter((at) => at >= from);
  for (let at = from; at < end; at += 864_000) instants.push(at);
  return instants.every((at) => {
    const [a, b] = [left.at(at), right.at(at)];
    return a.offset === b.offset && a.abbreviation === b.abbreviation;
  });
}
